// report.js — what a paste did and did not do, with names; stays until closed, or until the paste is undone.
import { closedReason, titleOf } from "./model.js";
import { jumpTo } from "./cursor.js";
import { mark } from "./marks.js";
import { whyNot } from "./values.js";
import { sayAtOnce, sayPolitely } from "./speak.js";

const place = () => document.querySelector("[data-ed-report]");
let told = []; // the cells of which it says that they were written

function item(text, cell) {
  const line = document.createElement("li");
  if (!cell) {
    line.textContent = text;
    return line;
  }
  const link = document.createElement("button");
  link.type = "button";
  link.className = "btn-link";
  link.textContent = text;
  link.addEventListener("click", () => jumpTo(cell));
  line.append(link);
  return line;
}

function lines(report, outside, unknown) {
  return [
    ...report.invalid.map(({ cell, raw }) => item(`${titleOf(cell)}: «${raw}» — ${whyNot(raw)}`, cell)),
    ...report.closed.map((cell) => item(`${titleOf(cell)}: ${closedReason(cell)}`, cell)),
    ...unknown.map((name) => item(`${name}: нет в списке группы`)),
    ...outside.map((raw) => item(`«${raw}»: за пределами таблицы`)),
  ];
}

export function showReport(report, outside, unknown) {
  const counts = [
    [report.written.length, "Вставлено"], [report.same, "без изменений"], [report.invalid.length, "не распознано"],
    [report.closed.length, "закрыто"], [unknown.length, "не найдено учеников"], [outside.length, "за пределами таблицы"],
  ];
  const text = counts.filter(([count], index) => count || index === 0).map(([count, word]) => `${word}: ${count}`).join(", ");
  told = report.written;
  report.invalid.forEach(({ cell, raw }) => mark(cell, "is-invalid", `«${raw}» — ${whyNot(raw)}`));
  const problems = lines(report, outside, unknown);
  (problems.length ? sayAtOnce : sayPolitely)(text);
  const box = place();
  const title = document.createElement("p");
  title.textContent = text;
  const list = document.createElement("ul");
  list.append(...problems);
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-small";
  close.textContent = "Закрыть";
  close.addEventListener("click", () => {
    box.hidden = true;
    jumpTo(document.querySelector("[data-ed-grid] td.cell[tabindex]"));
  });
  box.replaceChildren(title, ...(problems.length ? [list] : []), close);
  box.hidden = false;
}

// These cells went back to what they held: what the notice says of them is not so any more.
export function dropReport(cells) {
  if (cells.some((cell) => told.includes(cell))) place().hidden = true;
}
