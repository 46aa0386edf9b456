// paste.js — a column or a block from a spreadsheet. Valid cells are written, the rest is listed: never silent.
import { cellAt, closedReason, lessons, lessonOf, place, pupils, valueOf } from "./model.js";
import { ask } from "./ask.js";
import { currentCell } from "./cursor.js";
import { looksLikeNames, matchNames } from "./match.js";
import { showReport } from "./report.js";
import { hasSelection, selectedCells } from "./selection.js";
import { normalize, read } from "./values.js";
import { writeAll } from "./write.js";

const unquote = (text) => text.replace(/^"([\s\S]*)"$/, "$1").replace(/""/g, '"').trim();

// Rows of fields: tabs, or semicolons where there are no tabs. The last line's end is not a row.
export function parseTable(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  const separator = text.includes("\t") ? "\t" : ";";
  return lines.map((line) => line.split(separator).map(unquote));
}

// {changes, outside} for a block whose corner is the current cell.
function atCurrent(rows) {
  const { row, column } = place(currentCell());
  const outside = [];
  const changes = rows.flatMap((fields, down) => fields.flatMap((raw, right) => {
    const inside = row + down < pupils.length && column + right < lessons.length;
    if (inside) return [{ cell: cellAt(row + down, column + right), raw }];
    if (raw !== "") outside.push(raw);
    return [];
  }));
  return { changes, outside };
}

// One value over a selection fills it.
function overSelection(rows) {
  const single = rows.length === 1 && rows[0].length === 1 && hasSelection();
  return single ? { changes: selectedCells().map((cell) => ({ cell, raw: rows[0][0] })), outside: [] } : atCurrent(rows);
}

async function agreed(changes) {
  const touched = changes.filter(({ cell, raw }) => {
    const value = read(raw, lessonOf(cell).allowed);
    return value !== null && !closedReason(cell) && valueOf(cell) !== "" && value !== valueOf(cell);
  });
  if (!touched.length) return changes;
  const lines = touched.slice(0, 12).map(({ cell, raw }) =>
    `${pupils[place(cell).row].name}: «${valueOf(cell)}» станет ${normalize(raw) ? `«${normalize(raw)}»` : "пусто"}`);
  if (touched.length > lines.length) lines.push(`и ещё ${touched.length - lines.length}`);
  const choice = await ask({
    title: `Вставка изменит записи: ${touched.length}`,
    lines,
    buttons: [
      { text: "Изменить", value: "all", main: true },
      { text: "Только в пустые клетки", value: "free" },
      { text: "Не вставлять", value: null },
    ],
  });
  if (choice === "free") return changes.filter(({ cell }) => valueOf(cell) === "");
  return choice === "all" ? changes : null;
}

async function sureOfBlock(rows) {
  const width = Math.max(...rows.map((row) => row.length));
  if (width === 1) return true;
  const lines = [`Строк: ${rows.length}, столбцов: ${width}. Вставка начнётся с клетки: ${pupils[place(currentCell()).row].name}, ${lessonOf(currentCell()).name}.`];
  return ask({
    title: "Вставить несколько столбцов?", lines,
    buttons: [{ text: "Вставить", value: true, main: true }, { text: "Не вставлять", value: null }],
  });
}

export async function pasteText(text, isOurs = false) {
  if (text.trim() === "" && !isOurs) return;
  const rows = parseTable(text);
  let plan;
  if (looksLikeNames(rows)) plan = await matchNames(rows, place(currentCell()).column);
  else if (isOurs || (await sureOfBlock(rows))) plan = overSelection(rows);
  if (!plan) return;
  const changes = await agreed(plan.changes);
  if (!changes) return;
  showReport(writeAll(changes), plan.outside, plan.unknown || []);
}
