// menu.js — the menu of a cell and its lesson: right click, long press, Shift+F10, or a click on the date.
import { cellAt, cellOf, closedReason, lessonOf, lessons, place, settings, titleOf } from "./model.js";
import { ask } from "./ask.js";
import { jumpTo } from "./cursor.js";
import { clearCells } from "./commands.js";
import { openDetails } from "./details.js";
import { clearLetters, fillEmpty } from "./fill.js";
import { changeKind } from "./kind.js";

const openLesson = (lesson) => () => { location.href = lesson.head.querySelector("a").href; };

function lessonButtons(lesson, column) {
  const buttons = [{ text: "Темы и ДЗ", value: openLesson(lesson) }];
  if (settings.canEdit) buttons.push({ text: "Изменить тип работы", value: () => changeKind(lesson) });
  if (settings.canEdit && lesson.closed === null) {
    buttons.push({ text: "Заполнить пустые…", value: () => fillEmpty(column) });
    buttons.push({ text: "Все присутствуют", value: () => clearLetters(column) });
  }
  const print = document.querySelector("a[href*='/register/']");
  if (print) buttons.push({ text: "Печать", value: () => { location.href = print.href; } });
  return buttons;
}

async function choose(title, lines, buttons) {
  const done = await ask({ title, lines, buttons: [...buttons, { text: "Закрыть", value: null }] });
  if (done) done();
}

export function openMenu(cell) {
  if (document.querySelector("dialog[open]")) return; // a long press is a contextmenu event too
  const reason = closedReason(cell);
  const buttons = [{ text: "Комментарий и история", value: () => openDetails(cell) }];
  if (!reason) buttons.push({ text: "Стереть", value: clearCells });
  const lesson = lessonOf(cell);
  choose(titleOf(cell), reason ? [reason] : [], [...buttons, ...lessonButtons(lesson, place(cell).column)]);
}

document.addEventListener("contextmenu", (event) => {
  const cell = cellOf(event.target);
  if (!cell || event.target.closest("input")) return;
  event.preventDefault();
  if (cell.getAttribute("aria-selected") !== "true") jumpTo(cell);
  openMenu(cell);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-ed-grid] thead a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const column = lessons.findIndex((lesson) => lesson.head === link.parentNode);
  jumpTo(cellAt(place(document.querySelector("[data-ed-grid] td.cell[tabindex]")).row, column));
  choose(lessons[column].head.querySelector("a").title, [lessons[column].name], lessonButtons(lessons[column], column));
});
