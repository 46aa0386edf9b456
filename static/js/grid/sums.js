// sums.js — the average of each column, under the last pupil. Rows' averages come from the server.
import { cellAt, lessons, pupils, settings, table } from "./model.js";

let cells = null;
let asked = 0;
const touched = new Set();

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

const mean = (numbers) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

// What the marks of one work count for: a retake replaces, is averaged, or stands beside (the school's rule).
function counted(chain) {
  const numbers = chain.split("→").map(Number).filter(Number.isFinite);
  if (numbers.length < 2 || settings.retakes === "both") return numbers;
  return settings.retakes === "averages" ? [mean(numbers)] : numbers.slice(-1);
}

function marksOf(column) {
  return pupils.flatMap((_, row) => {
    const value = cellAt(row, column).textContent;
    return value && /\d/.test(value) ? value.replace(/^[нбуо] /, "").split("/").flatMap(counted) : [];
  });
}

function countColumn(column) {
  const marks = marksOf(column);
  const cell = cells[column];
  const text = marks.length ? mean(marks).toFixed(2).replace(".", ",") : "";
  if (cell.textContent === text && cell.hasAttribute("aria-label")) return;
  cell.textContent = text;
  cell.setAttribute("aria-label", `${cell.dataset.name}: ${text || "нет отметок"}`);
}

function count() {
  asked = 0;
  if (!cells) build();
  touched.forEach(countColumn);
  touched.clear();
}

// Counted once a frame, the columns of these cells only; without them all columns.
export function columnsChanged(changed = null) {
  if (changed) changed.forEach((cell) => touched.add(cell.cellIndex - 1));
  else lessons.forEach((_, column) => touched.add(column));
  if (!asked && touched.size) asked = requestAnimationFrame(count);
}
