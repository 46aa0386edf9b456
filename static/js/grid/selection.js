// selection.js — a rectangle of cells: by Shift, by drag, by column and row; said aloud by us.
import { cellAt, cellOf, lessons, place, pupils, valueOf } from "./model.js";
import { currentCell, goTo, onMove } from "./cursor.js";
import { isEditing } from "./editor.js";
import { plural, sayPolitely } from "./speak.js";

let anchor = null; // place of the cell where the selection began
let corner = null; // place of its opposite corner
let dragging = false;
let shown = [];

const span = (one, two) => Array.from({ length: Math.abs(one - two) + 1 }, (_, step) => Math.min(one, two) + step);

// Rows of cells: the selection, or the current cell alone.
export function selected() {
  if (!corner) return [[currentCell()]];
  return span(anchor.row, corner.row).map((row) => span(anchor.column, corner.column).map((column) => cellAt(row, column)));
}

export const hasSelection = () => corner !== null;
export const selectedCells = () => selected().flat();

function show() {
  const now = corner ? selectedCells() : [];
  const keep = new Set(now);
  shown.filter((cell) => !keep.has(cell)).forEach((cell) => cell.removeAttribute("aria-selected"));
  now.forEach((cell) => cell.setAttribute("aria-selected", "true"));
  shown = now;
}

function say() {
  const count = shown.length;
  if (count > 1) sayPolitely(`${plural(count, "Выбрана", "Выбрано", "Выбрано")} ${count} ${plural(count, "клетка", "клетки", "клеток")}`);
}

export function clearSelection() {
  anchor = corner = null;
  show();
}

export function selectTo(row, column, quietly = false) {
  anchor = anchor || place(currentCell());
  corner = { row: Math.min(Math.max(row, 0), pupils.length - 1), column: Math.min(Math.max(column, 0), lessons.length - 1) };
  if (anchor.row === corner.row && anchor.column === corner.column) corner = null;
  show();
  if (!quietly) say();
  if (corner) cellAt(corner.row, corner.column).scrollIntoView({ block: "nearest", inline: "nearest" });
}

export function extend(rows, columns) {
  const from = corner || place(currentCell());
  selectTo(from.row + rows, from.column + columns);
}

export function selectBlock(top, left, bottom, right) {
  anchor = { row: top, column: left };
  corner = { row: bottom, column: right };
  show();
  say();
}

export const selectColumn = () => selectBlock(0, place(currentCell()).column, pupils.length - 1, place(currentCell()).column);
export const selectRow = () => selectBlock(place(currentCell()).row, 0, place(currentCell()).row, lessons.length - 1);

// First the column (the unit of work), the second time everything.
export function selectAll() {
  const column = place(currentCell()).column;
  const whole = corner && anchor.column === column && corner.column === column && shown.length === pupils.length;
  if (whole) selectBlock(0, 0, pupils.length - 1, lessons.length - 1);
  else selectColumn();
}

export const asText = () => selected().map((row) => row.map(valueOf).join("\t")).join("\n");

document.addEventListener("mousedown", (event) => {
  const cell = cellOf(event.target);
  if (!cell || event.button !== 0 || event.target.closest("input")) return;
  event.preventDefault(); // neither text selection nor the browser's own focus
  const { row, column } = place(cell);
  if (isEditing()) document.activeElement.blur();
  if (event.shiftKey) {
    selectTo(row, column);
    return;
  }
  clearSelection();
  dragging = true;
  goTo(row, column);
});
document.addEventListener("mouseover", (event) => {
  const cell = dragging && cellOf(event.target);
  if (cell) selectTo(place(cell).row, place(cell).column, true);
});
document.addEventListener("mouseup", () => {
  if (dragging) say();
  dragging = false;
});
onMove(() => { if (!dragging) clearSelection(); });
