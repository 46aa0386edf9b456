// model.js — the sheet as the page holds it: which pupil and lesson a cell is, its value, its revision.
import { inWords } from "./words.js";

export const table = document.querySelector("[data-ed-grid]");
export const scroller = table && table.closest("[data-ed-grid-scroll]");

const ABSENT = new Set(["н", "б", "у", "о"]);
const body = table && table.tBodies[0];
const list = (text) => text.split(" ").filter(Boolean);

export const settings = table && {
  course: table.dataset.edCourse,
  user: table.dataset.edUser,
  save: table.dataset.edSave,
  details: table.dataset.edDetails,
  changes: table.dataset.edChanges,
  poll: Number(table.dataset.edPoll) * 1000,
  allowed: list(table.dataset.edAllowed),
  marks: Number(table.dataset.edMarks),
  retakes: table.dataset.edRetakes,
  canEdit: table.getAttribute("aria-readonly") !== "true",
};

export const lessons = table
  ? [...table.tHead.rows[1].cells].map((head) => ({
      id: head.dataset.l,
      name: head.dataset.n,
      base: Number(head.dataset.b),
      head,
      closed: head.dataset.x === undefined ? null : head.dataset.x,
      future: head.classList.contains("is-future"),
      today: head.getAttribute("aria-current") === "date",
      allowed: head.dataset.a === undefined ? settings.allowed : list(head.dataset.a),
    }))
  : [];

export const pupils = table
  ? [...body.rows].map((row) => ({
      id: row.dataset.p,
      row,
      head: row.cells[0],
      name: row.querySelector(".name-full").textContent,
      short: row.querySelector(".name-short").textContent,
    }))
  : [];

const byPupil = new Map(pupils.map((pupil, row) => [pupil.id, row]));
const byLesson = new Map(lessons.map((lesson, column) => [lesson.id, column]));
const known = new WeakMap(); // cell → {value, rev}: what the server holds

export const cellAt = (row, column) => body.rows[row].cells[column + 1];
export const place = (cell) => ({ row: cell.parentNode.sectionRowIndex, column: cell.cellIndex - 1 });
export const cellOf = (target) => target instanceof Element && target.closest("[data-ed-grid] td.cell");
export const valueOf = (cell) => cell.textContent;
export const pupilOf = (cell) => pupils[place(cell).row];
export const lessonOf = (cell) => lessons[place(cell).column];
export const keyOf = (cell) => `${pupilOf(cell).id}:${lessonOf(cell).id}`;

export function cellByKey(key) {
  const [pupil, lesson] = key.split(":");
  const [row, column] = [byPupil.get(pupil), byLesson.get(lesson)];
  return row === undefined || column === undefined ? null : cellAt(row, column);
}

export function titleOf(cell) {
  return `${pupilOf(cell).name}, ${lessonOf(cell).name}`;
}

// What the server holds in this cell. Must be asked before the first paint of a new value.
export function knownOf(cell) {
  if (!known.has(cell)) {
    const { r } = cell.dataset; // the distance from the least revision of the column
    known.set(cell, { value: valueOf(cell), rev: r === undefined ? 0 : lessonOf(cell).base + Number(r) });
  }
  return known.get(cell);
}

let told = 0; // how often the server told what it holds: an answer that set out before is older news
export const timesTold = () => told;

export function setKnown(cell, value, rev) {
  told += 1;
  known.set(cell, { value, rev });
}

// Why nothing can be written here; empty if it can.
export function closedReason(cell) {
  if (!settings.canEdit) return "Журнал открыт только для просмотра";
  if (cell.classList.contains("is-outside")) return "Ученик не в группе в этот день";
  if (cell.dataset.edReason) return cell.dataset.edReason;
  const { closed, future } = lessonOf(cell);
  if (closed !== null && future) return closed;
  if (closed !== null) return `Запись закрыта: ${closed}. Запросить правку у завуча`;
  return cell.classList.contains("is-locked") ? "Запись закрыта. Запросить правку у завуча" : "";
}

export function paint(cell, value) {
  if (cell.textContent !== value) cell.textContent = value;
  const low = value.split(/[/ ]/).some((one) => one === "2" || one === "1");
  if (low || ABSENT.has(value)) cell.dataset.mark = low ? "2" : "absence";
  else if (value === "•") cell.dataset.mark = "owed";
  else delete cell.dataset.mark;
  nameCell(cell);
}

export function nameCell(cell) {
  cell.setAttribute("aria-label", `${titleOf(cell)}: ${inWords(valueOf(cell))}`);
}
