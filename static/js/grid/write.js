// write.js — the one way values get into cells: checks, paints, remembers for undo, hands to the queue.
import { closedReason, keyOf, cellByKey, lessonOf, paint, titleOf, valueOf } from "./model.js";
import { mark, unmark } from "./marks.js";
import { isWaiting } from "./backlog.js";
import { put } from "./queue.js";
import { dropProblem } from "./problems.js";
import { columnsChanged } from "./sums.js";
import { sayAtOnce } from "./speak.js";
import { showText } from "./statusbar.js";
import { read, whyNot } from "./values.js";

const done = []; // operations: [{key, before, after}, …]
const undone = [];
let tell = () => {};
export function onHistory(watcher) { tell = watcher; }
export const canUndo = () => done.length > 0;
export const canRedo = () => undone.length > 0;

function set(cell, value, reason) {
  const key = keyOf(cell);
  put(cell, value, reason); // before painting: the queue asks what the server held
  paint(cell, value);
  if (value === "") cell.classList.remove("has-comment"); // it was of the mark that is gone
  unmark(cell, "is-invalid", "is-conflict", "is-saved");
  dropProblem(key);
  if (isWaiting(key)) mark(cell, "is-pending");
  else unmark(cell, "is-pending");
}

// [{cell, raw}] → {written, same, closed: [cell], invalid: [{cell, raw}]}; one step of undo.
export function writeAll(changes, reason = "") {
  const report = { written: [], same: 0, closed: [], invalid: [] };
  const operation = [];
  changes.forEach(({ cell, raw }) => {
    const value = read(raw, lessonOf(cell).allowed);
    if (closedReason(cell)) report.closed.push(cell);
    else if (value === null) report.invalid.push({ cell, raw });
    else if (value === valueOf(cell)) {
      report.same += 1;
      unmark(cell, "is-invalid");
    } else {
      operation.push({ key: keyOf(cell), before: valueOf(cell), after: value });
      set(cell, value, reason);
      report.written.push(cell);
    }
  });
  if (operation.length) {
    done.push(operation);
    undone.length = 0;
    columnsChanged(report.written);
    tell();
  }
  return report;
}

// One cell, by hand: a refusal is said aloud and framed. True if the value stands.
export function write(cell, raw) {
  const report = writeAll([{ cell, raw }]);
  if (report.closed.length) sayAtOnce(closedReason(cell));
  if (report.invalid.length) refuseText(cell, raw);
  return !report.closed.length && !report.invalid.length;
}

const refused = new Set(); // cells whose typed text was not taken: nothing of it stands there

export function refuseText(cell, raw) {
  refused.add(cell);
  const words = `„${raw}“ — ${whyNot(raw)}`;
  mark(cell, "is-invalid", words);
  sayAtOnce(`${titleOf(cell)}: ${words}`);
  showText(`«${raw}» — ${whyNot(raw)}`, "bad");
}

// Esc: the frame goes, what the server refused keeps its own.
export function forgetRefusal(cell) {
  if (refused.delete(cell)) unmark(cell, "is-invalid");
}

// What someone else has written since then stays: the step goes back to what it found, or nowhere.
function replay(from, to, found, wanted) {
  const operation = from.pop();
  if (!operation) return null;
  const steps = operation.map((step) => ({ ...step, cell: cellByKey(step.key) })).filter(({ cell }) => cell && !closedReason(cell));
  const ours = steps.filter((step) => valueOf(step.cell) === step[found]);
  ours.forEach((step) => set(step.cell, step[wanted]));
  to.push(operation);
  columnsChanged(ours.map((step) => step.cell));
  tell();
  return { cells: ours.map((step) => step.cell), others: steps.filter((step) => !ours.includes(step)).map((step) => step.cell) };
}

export const undo = () => replay(done, undone, "after", "before");
export const redo = () => replay(undone, done, "before", "after");
