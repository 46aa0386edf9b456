// problems.js — refused cells and conflicts: one list, each item leads to its cell.
import { cellByKey, knownOf, titleOf } from "./model.js";
import { jumpTo } from "./cursor.js";
import { unmark } from "./marks.js";
import { ask } from "./ask.js";

const problems = new Map(); // key → the server's answer with our value as `mine`
let tell = () => {};
let writeMine = () => {};
let explain = () => {};

export const counts = () => {
  const all = [...problems.values()];
  const conflicts = all.filter((one) => one.state === "conflict").length;
  return { conflicts, refused: all.length - conflicts };
};

export function onProblems(watcher) { tell = watcher; }
export function onResolve(writer, explainer) {
  writeMine = writer;
  explain = explainer;
}

export function addProblem(problem) {
  problems.set(problem.key, problem);
  tell();
}

export function dropProblem(key) {
  if (!problems.delete(key)) return;
  const cell = cellByKey(key);
  if (cell) unmark(cell, "is-conflict", "is-invalid");
  tell();
}

// Somebody wrote there again: the question is about what stands there now.
export function renewProblem(key, value, said) {
  const problem = problems.get(key);
  if (problem?.state !== "conflict") return;
  if (problem.mine === value) dropProblem(key);
  else Object.assign(problem, { value, author: said, at: "" });
}

export const unexplained = () => [...problems.values()].filter((one) => one.state === "reason" && cellByKey(one.key));

const quoted = (value) => (value ? `«${value}»` : "пусто");

function sentence(problem) {
  const cell = cellByKey(problem.key);
  const where = cell ? titleOf(cell) : "Клетка вне показанного периода";
  if (problem.state !== "conflict") return `${where}: ${quoted(problem.mine)} не записано. ${problem.message || ""}`;
  const who = [problem.author, problem.at].filter(Boolean).join(", ");
  return `${where}: записано ${quoted(problem.value)}${who ? ` (${who})` : ""}. Ваше: ${quoted(problem.mine)}.`;
}

function choices(problem) {
  const cell = cellByKey(problem.key);
  const jump = cell ? [{ text: "Показать", value: () => jumpTo(cell) }] : [];
  if (problem.state === "reason" && cell) return [...jump, { text: "Указать причину", value: explain, main: true }, { text: "Не менять", value: () => dropProblem(problem.key) }];
  if (problem.state !== "conflict") {
    return [...jump, { text: "Понятно", value: () => dropProblem(problem.key) }];
  }
  const keep = { text: `Оставить ${problem.value || "пусто"}`, value: () => dropProblem(problem.key) };
  const mine = { text: `Записать ${problem.mine || "пусто"}`, value: () => resolve(problem, cell) };
  return cell ? [...jump, keep, mine] : [keep];
}

// Our value, on top of the revision that the server just told: one step of undo.
function resolve(problem, cell) {
  dropProblem(problem.key);
  knownOf(cell);
  writeMine(cell, problem.mine);
  jumpTo(cell);
}

export async function openProblems() {
  while (problems.size) {
    const items = [...problems.values()].map((problem) => ({ text: sentence(problem), buttons: choices(problem) }));
    const before = problems.size;
    const done = await ask({ title: "Не записано и расхождения", items, buttons: [{ text: "Закрыть", value: null }] });
    if (typeof done !== "function") return;
    done();
    if (problems.size === before) return; // the item's cell was asked for
  }
}
