// remote.js — puts what others wrote into the grid; never over what this browser has not sent yet.
import { cellAt, keyOf, knownOf, lessons, paint, pupils, setKnown } from "./model.js";
import { showAverage } from "./averages.js";
import { isWaiting } from "./backlog.js";
import { isEditing } from "./editor.js";
import { describe, flash } from "./marks.js";
import { renewProblem } from "./problems.js";
import { columnsChanged } from "./sums.js";
import { plural, sayPolitely } from "./speak.js";

const NOTE = 1;
const at = (name) => document.querySelector(`[data-ed-${name}]`);

export function showPresent(names) {
  const text = names.length ? `Журнал открыт также: ${names.join(", ")}` : "";
  const place = at("present");
  if (place.textContent !== text) place.textContent = text;
  place.hidden = !text;
}

// Another list of lessons or pupils cannot be patched in: the page is asked to be opened anew.
export function showStale({ lessons: columns, pupils: rows }) {
  const same = columns.length === lessons.length && rows.length === pupils.length
    && columns.every((id, index) => id === lessons[index].id) && rows.every((id, index) => id === pupils[index].id);
  at("stale").hidden = same;
  return !same;
}

function patch(cell, [, , text, rev, flags, said]) {
  const key = keyOf(cell);
  const known = knownOf(cell);
  const differs = known.value !== text;
  setKnown(cell, text, rev);
  cell.classList.toggle("has-comment", Boolean(flags & NOTE));
  if (differs) {
    paint(cell, text);
    cell.dataset.remoteWhy = said ? `изменено: ${said}` : "изменено другим";
    cell.title = said ? `Изменено: ${said}` : "Изменено другим";
    flash(cell, "is-remote", 2000);
    renewProblem(key, text, said);
  }
  describe(cell);
  return differs;
}

const isSame = (cell, [, , text, rev, flags]) => {
  const known = knownOf(cell);
  return known.value === text && known.rev === rev && cell.classList.contains("has-comment") === Boolean(flags & NOTE);
};

// True if every cell is as the server has it now, or was patched; false if one has to wait.
export function takeChanges({ cells, averages }) {
  const filled = new Map(cells.map((state) => [`${state[1]}:${state[0]}`, state]));
  let whole = true;
  let changed = 0;
  pupils.forEach((_, row) => lessons.forEach((__, column) => {
    const cell = cellAt(row, column);
    const state = filled.get(`${row}:${column}`) || [column, row, "", 0, 0, ""];
    if (isSame(cell, state)) return;
    if (isWaiting(keyOf(cell)) || (isEditing() && cell.classList.contains("is-editing"))) whole = false;
    else if (patch(cell, state)) changed += 1;
  }));
  averages.forEach(([average, weighted], row) => showAverage(pupils[row].id, { average, weighted }));
  if (changed) {
    columnsChanged();
    sayPolitely(`Другие изменили ${changed} ${plural(changed, "клетку", "клетки", "клеток")}`);
  }
  return whole;
}
