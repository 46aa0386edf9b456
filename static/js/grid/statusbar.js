// statusbar.js — the words beside the title: saved when, not sent how many, refused how many.
import { counts } from "./problems.js";
import { unsent } from "./queue.js";

const at = (name) => document.querySelector(`[data-ed-${name}]`);
let later = 0;
let savedAt = "";

function show(text, tone = "") {
  const place = at("status");
  clearTimeout(later);
  if (place.textContent !== text) place.textContent = text;
  place.dataset.tone = tone;
}

const saved = () => (savedAt ? show(`Сохранено в ${savedAt}`, "ok") : show("Изменений нет"));

const STATES = {
  idle: () => (unsent() ? undefined : saved()),
  sending: () => {
    clearTimeout(later);
    later = setTimeout(() => show("Сохраняется…"), 300);
  },
  saved: (state) => {
    savedAt = state.at || savedAt;
    if (!unsent()) saved();
  },
  offline: () => show(`Нет связи. Не отправлено: ${unsent()}`, "warn"),
  failing: (state) => show(`Сервер не отвечает. Не отправлено: ${unsent()}. Повтор через ${state.seconds} с`, "bad"),
  session: () => show(`Вход закончился. Не отправлено: ${unsent()}`, "bad"),
  left: (state) => show(`Отправляются записи с прошлого раза: ${state.count}`, "warn"),
};

export function showState(state) {
  at("retry").hidden = state.name !== "failing" && state.name !== "offline";
  STATES[state.name](state);
}

export function showProblems() {
  const { conflicts, refused } = counts();
  const said = [];
  if (refused) said.push(`Не записано: ${refused}`);
  if (conflicts) said.push(`Расхождений: ${conflicts}`);
  at("problems").hidden = !said.length;
  at("problems").textContent = said.join(". ");
}
