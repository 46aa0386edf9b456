// statusbar.js — the words beside the title: saved when, not sent how many, refused how many.
import { counts } from "./problems.js";
import { unsent } from "./backlog.js";

const at = (name) => document.querySelector(`[data-ed-${name}]`);
let later = 0;
let savedAt = "";

export function showText(text, tone = "") {
  const place = at("status");
  clearTimeout(later);
  if (place.textContent !== text) place.textContent = text;
  place.dataset.tone = tone;
}

const saved = () => (savedAt ? showText(`Сохранено в ${savedAt}`, "ok") : showText("Изменений нет"));

const STATES = {
  idle: () => (unsent() ? undefined : saved()),
  sending: () => {
    clearTimeout(later);
    later = setTimeout(() => showText("Сохраняется…"), 300);
  },
  saved: (state) => {
    savedAt = state.at || savedAt;
    if (!unsent()) saved();
  },
  offline: () => showText(`Нет связи. Не отправлено: ${unsent()}`, "warn"),
  failing: (state) => showText(`Сервер не отвечает. Не отправлено: ${unsent()}. Повтор через ${state.seconds} с`, "bad"),
  session: () => showText(`Вход закончился. Не отправлено: ${unsent()}`, "bad"),
  left: (state) => showText(`Отправляются записи с прошлого раза: ${state.count}`, "warn"),
};

export function showState(state) {
  at("retry").hidden = !["failing", "offline", "session"].includes(state.name);
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
