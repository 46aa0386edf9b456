// cursor.js — the current cell: one tab stop, its row and column heads highlighted.
import { cellAt, lessons, place, pupils } from "./model.js";

let current = null;
let heads = [];
const watchers = [];

export const currentCell = () => current;
export const onMove = (watcher) => watchers.push(watcher);

export function makeCurrent(cell) {
  if (cell === current) return;
  if (current) current.removeAttribute("tabindex");
  heads.forEach((head) => head.classList.remove("is-current"));
  current = cell;
  cell.tabIndex = 0;
  const { row, column } = place(cell);
  heads = [pupils[row].head, lessons[column].head];
  heads.forEach((head) => head.classList.add("is-current"));
  watchers.forEach((watcher) => watcher(cell));
}

export function goTo(row, column) {
  const top = Math.min(Math.max(row, 0), pupils.length - 1);
  const left = Math.min(Math.max(column, 0), lessons.length - 1);
  const cell = cellAt(top, left);
  makeCurrent(cell);
  cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  return cell;
}

export function goBy(rows, columns) {
  const { row, column } = place(current);
  return goTo(row + rows, column + columns);
}

export function jumpTo(cell) {
  const { row, column } = place(cell);
  return goTo(row, column);
}

// Enter: down, and from the last row to the first row of the next column.
export function goDown() {
  const { row, column } = place(current);
  if (row < pupils.length - 1) return goTo(row + 1, column);
  return column < lessons.length - 1 ? goTo(0, column + 1) : current;
}

document.addEventListener("focusin", (event) => {
  const cell = event.target.closest("[data-ed-grid] td.cell");
  if (cell && event.target === cell) makeCurrent(cell);
});
