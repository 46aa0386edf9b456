// start.js — names every cell for screen readers, closes columns, and shows today's first empty cell.
import { cellAt, lessons, nameCell, pupils, scroller, valueOf, closedReason } from "./model.js";
import { describe } from "./marks.js";
import { makeCurrent } from "./cursor.js";

const SUMS = ["средний балл", "взвешенный средний", "отметка за период"];

export function prepare() {
  pupils.forEach((pupil, row) => {
    lessons.forEach((lesson, column) => {
      const cell = cellAt(row, column);
      nameCell(cell);
      if (lesson.closed !== null) {
        cell.classList.add(lesson.future ? "is-ahead" : "is-locked");
        cell.setAttribute("aria-readonly", "true");
      }
      if (cell.matches(".has-comment, .is-told")) describe(cell);
    });
    [...pupil.row.cells].slice(-3).forEach((cell, index) => {
      cell.setAttribute("aria-readonly", "true");
      cell.setAttribute("aria-label", `${pupil.name}, ${SUMS[index]}: ${cell.textContent || "нет"}`);
    });
  });
  // One tab stop: the heads are reached from the cells' menu, or by a mouse.
  lessons.forEach((lesson) => lesson.head.querySelector("a").setAttribute("tabindex", "-1"));
  scroller.removeAttribute("tabindex");
}

function firstColumn() {
  const today = lessons.findIndex((lesson) => lesson.today);
  if (today >= 0) return today;
  const past = lessons.filter((lesson) => !lesson.future).length;
  return Math.max(0, past - 1);
}

export function openToday() {
  const column = firstColumn();
  const free = pupils.findIndex((_, row) => {
    const cell = cellAt(row, column);
    return valueOf(cell) === "" && !closedReason(cell);
  });
  const cell = cellAt(Math.max(0, free), column);
  const head = lessons[column].head;
  scroller.scrollLeft = head.offsetLeft + head.offsetWidth / 2 - scroller.clientWidth / 2;
  makeCurrent(cell);
  if (!matchMedia("(pointer: coarse)").matches && document.activeElement === document.body) {
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}
