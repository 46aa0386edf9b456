// averages.js — the averages at the end of a pupil's row, as the server counts them.
import { pupils } from "./model.js";

const rows = new Map(pupils.map((pupil) => [pupil.id, pupil.row]));

export function showAverage(pupil, { average, weighted }) {
  const row = rows.get(pupil);
  if (!row) return;
  const cells = [...row.cells].slice(-3);
  [average, weighted].forEach((text, index) => {
    const cell = cells[index];
    if (cell.textContent === text) return;
    cell.setAttribute("aria-label", cell.getAttribute("aria-label").replace(/[^:]*$/, ` ${text || "нет"}`));
    cell.textContent = text;
  });
}
