// reason.js — old marks change with a reason only: asked once for all of them, then they are sent again.
import { cellByKey, knownOf, titleOf } from "./model.js";
import { ask } from "./ask.js";
import { dropProblem, unexplained } from "./problems.js";
import { writeAll } from "./write.js";

const QUIET = 900; // the dialog does not open under the fingers of somebody who types on
const SHOWN = 8;
let lastKey = 0;
let timer = 0;

function field() {
  const label = document.createElement("label");
  const input = document.createElement("textarea");
  Object.assign(input, { rows: 2, maxLength: 200, required: true, className: "input", id: "reason-text" });
  label.append("Причина", input);
  label.className = "field";
  return { label, input };
}

const quoted = (value) => (value ? `«${value}»` : "пусто");

function lines(problems) {
  const told = problems.slice(0, SHOWN).map(({ key, mine }) => {
    const cell = cellByKey(key);
    return `${titleOf(cell)}: ${quoted(knownOf(cell).value)} станет ${quoted(mine)}`;
  });
  if (problems.length > SHOWN) told.push(`и ещё ${problems.length - SHOWN}`);
  return told;
}

export async function askReason() {
  const problems = unexplained();
  if (!problems.length || document.querySelector("dialog[open]")) return;
  const { label, input } = field();
  const buttons = [{ text: "Записать с причиной", value: "write", main: true }, { text: "Оставить как было", value: "keep" }];
  const note = "Семья увидит, что отметка изменилась. Причина остаётся в истории клетки.";
  const title = problems.length === 1 ? problems[0].message : `Старых отметок меняется: ${problems.length}. Укажите причину`;
  const check = (value) => value !== "write" || input.value.trim() !== "" || (input.focus(), input.reportValidity(), false);
  const done = await ask({ title, lines: [...lines(problems), note], extra: label, buttons, check });
  if (!done) return; // the list keeps them
  problems.forEach(({ key }) => dropProblem(key));
  if (done === "write") writeAll(problems.map(({ key, mine }) => ({ cell: cellByKey(key), raw: mine })), input.value.trim());
}

// As soon as the keys rest: the list of refused cells opens it too.
export function reasonsWanted() {
  clearTimeout(timer);
  const rest = lastKey + QUIET - Date.now();
  timer = setTimeout(rest > 0 ? reasonsWanted : askReason, Math.max(rest, 0));
}

document.addEventListener("keydown", () => { lastKey = Date.now(); }, { passive: true });
