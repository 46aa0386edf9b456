// answers.js — what the server said of each cell: settled, or listed as a problem. Averages follow.
import { cellByKey, knownOf, paint, setKnown } from "./model.js";
import { showAverage } from "./averages.js";
import { flash, lock, mark, unmark } from "./marks.js";
import { addProblem, dropProblem } from "./problems.js";
import { forget, laterValue, rebase } from "./backlog.js";
import { reasonsWanted } from "./reason.js";
import { columnsChanged } from "./sums.js";
import { sayAtOnce } from "./speak.js";

const CLOSING = new Set(["locked", "forbidden", "gone"]);

export function settleAll(flight, answer) {
  const sent = new Map(flight.cells.map((cell) => [`${cell.pupil}:${cell.lesson}`, cell.value]));
  const refused = answer.cells.filter((cell) => !settleOne(cell, sent.get(`${cell.pupil}:${cell.lesson}`)));
  Object.entries(answer.averages || {}).forEach(([pupil, sums]) => showAverage(pupil, sums));
  columnsChanged(answer.cells.map((cell) => cellByKey(`${cell.pupil}:${cell.lesson}`)).filter(Boolean));
  if (refused.length) announce(refused);
}

function settleOne(result, sent) {
  const key = `${result.pupil}:${result.lesson}`;
  const cell = cellByKey(key);
  const mine = laterValue(key)?.value ?? sent;
  if (result.state === "ok" || (result.state === "conflict" && result.value === mine)) {
    accept(cell, key, result);
    return true;
  }
  forget(key);
  if (cell) refuse(cell, result);
  addProblem({ ...result, key, mine, value: result.value ?? (cell ? knownOf(cell).value : "") });
  return false;
}

function accept(cell, key, result) {
  dropProblem(key);
  if (cell) setKnown(cell, result.value, result.rev);
  if (laterValue(key)) {
    // Changed again since it was sent: the later value goes next, the answer does not overwrite it.
    if (laterValue(key).value === result.value) forget(key);
    else return rebase(key, result.rev);
  }
  if (!cell) return undefined;
  paint(cell, result.value);
  unmark(cell, "is-pending"); // a frame for text refused here stays: it is not about what was sent
  return flash(cell);
}

function refuse(cell, result) {
  if (result.state !== "refused") setKnown(cell, result.value, result.rev);
  paint(cell, knownOf(cell).value);
  unmark(cell, "is-pending");
  if (result.state === "conflict") mark(cell, "is-conflict", `расхождение: записано другое${result.author ? `, ${result.author}` : ""}`);
  else mark(cell, "is-invalid", `не записано: ${result.message}`);
  if (CLOSING.has(result.state)) lock(cell, result.message);
}

function announce(refused) {
  const conflicts = refused.filter((cell) => cell.state === "conflict").length;
  const unexplained = refused.filter((cell) => cell.state === "reason").length;
  const others = refused.length - conflicts;
  if (unexplained) reasonsWanted();
  const said = [];
  if (conflicts) said.push(`Расхождений: ${conflicts}`);
  if (others) said.push(`Не записано: ${others}. ${refused.find((cell) => cell.state !== "conflict").message || ""}`);
  sayAtOnce(said.join(". "));
}
