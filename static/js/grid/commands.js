// commands.js — whole operations on the selection: clear, fill down, fill all, undo, redo.
import { place, cellAt, titleOf, valueOf } from "./model.js";
import { currentCell, jumpTo } from "./cursor.js";
import { dropReport } from "./report.js";
import { hasSelection, selected, selectedCells } from "./selection.js";
import { plural, sayAtOnce, sayPolitely } from "./speak.js";
import { showText } from "./statusbar.js";
import { redo, undo, writeAll, write } from "./write.js";

export const cellCount = (count) => `${count} ${plural(count, "клетка", "клетки", "клеток")}`;

// Says what a bulk operation did, and what it could not do.
export function tellReport(report, verb) {
  const said = [`${verb}: ${report.written.length}`];
  if (report.closed.length) said.push(`закрыто: ${report.closed.length}`);
  if (report.invalid.length) said.push(`не подходит: ${report.invalid.length}`);
  (report.closed.length + report.invalid.length ? sayAtOnce : sayPolitely)(said.join(", "));
}

export function clearCells() {
  const cells = selectedCells();
  if (cells.length === 1) write(cells[0], "");
  else tellReport(writeAll(cells.map((cell) => ({ cell, raw: "" }))), "Стёрто");
}

// From the top cell of the selection; one cell alone takes the value above it.
export function fillDown() {
  if (!hasSelection()) {
    const { row, column } = place(currentCell());
    if (row > 0) write(currentCell(), valueOf(cellAt(row - 1, column)));
    return;
  }
  const [top, ...rest] = selected();
  const changes = rest.flatMap((row) => row.map((cell, column) => ({ cell, raw: valueOf(top[column]) })));
  tellReport(writeAll(changes), "Заполнено");
}

export function fillSelection() {
  const raw = valueOf(currentCell());
  tellReport(writeAll(selectedCells().map((cell) => ({ cell, raw }))), "Заполнено");
}

function replayed(result, verb) {
  if (!result) return sayPolitely(verb === "Отменено" ? "Отменять нечего" : "Возвращать нечего");
  const { cells, others } = result;
  dropReport(cells);
  if (cells.length || others.length) jumpTo(cells[0] || others[0]);
  const [cell] = cells;
  const what = cells.length === 1 ? `${titleOf(cell)}: ${valueOf(cell) || "пусто"}` : cellCount(cells.length);
  if (!others.length) return sayPolitely(`${verb}: ${what}`);
  const kept = `Не изменено клеток: ${others.length}, там уже другая запись`;
  showText(kept, "warn");
  return sayAtOnce(`${verb}: ${what}. ${kept}`);
}

export const undoLast = () => replayed(undo(), "Отменено");
export const redoLast = () => replayed(redo(), "Возвращено");
