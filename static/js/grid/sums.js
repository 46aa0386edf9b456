// sums.js — the average of each column, under the last pupil. Rows' averages come from the server.
import { cellAt, lessons, pupils, table } from "./model.js";
import { parts } from "./values.js";

let cells = null;
let asked = 0;

function build() {
  const foot = table.createTFoot();
  const row = foot.insertRow();
  const head = document.createElement("th");
  head.scope = "row";
  head.className = "name";
  head.textContent = "Средний";
  row.append(head);
  cells = lessons.map((lesson) => {
    const cell = row.insertCell();
    cell.className = "foot";
    cell.setAttribute("aria-readonly", "true");
    cell.dataset.name = `Средний за урок ${lesson.name}`;
    return cell;
  });
  for (let end = 1; end <= 3; end += 1) row.insertCell().className = `sum sum-${end}`;
}

function marksOf(column) {
  return pupils.flatMap((_, row) => parts(cellAt(row, column).textContent)?.marks ?? []).map(Number).filter(Number.isFinite);
}

function count() {
  asked = 0;
  if (!cells) build();
  cells.forEach((cell, column) => {
    const marks = marksOf(column);
    const text = marks.length ? (marks.reduce((sum, one) => sum + one, 0) / marks.length).toFixed(2).replace(".", ",") : "";
    if (cell.textContent !== text || !cell.hasAttribute("aria-label")) {
      cell.textContent = text;
      cell.setAttribute("aria-label", `${cell.dataset.name}: ${text || "нет отметок"}`);
    }
  });
}

// Counted once a frame, whatever the number of changes.
export function columnsChanged() {
  if (!asked) asked = requestAnimationFrame(count);
}
