// marks.js — a cell's state as a class and as words in its accessible description.
const WORDS = {
  "is-pending": "не отправлено",
  "is-conflict": "расхождение: записано другое",
  "is-invalid": "не записано",
  "is-remote": "изменено другим",
};

export function mark(cell, state, words = "") {
  cell.classList.add(state);
  if (words) cell.dataset[`${state.slice(3)}Why`] = words;
  describe(cell);
}

export function unmark(cell, ...states) {
  cell.classList.remove(...states);
  states.forEach((state) => { delete cell.dataset[`${state.slice(3)}Why`]; });
  describe(cell);
}

export function describe(cell) {
  const said = Object.keys(WORDS)
    .filter((state) => cell.classList.contains(state))
    .map((state) => cell.dataset[`${state.slice(3)}Why`] || WORDS[state]);
  if (cell.classList.contains("has-comment")) said.push("есть комментарий");
  if (cell.classList.contains("is-told") && !cell.textContent) said.push("родители сообщили об отсутствии");
  if (cell.dataset.edReason) said.push(cell.dataset.edReason);
  if (said.length) cell.setAttribute("aria-description", said.join("; "));
  else cell.removeAttribute("aria-description");
}

export function flash(cell, state = "is-saved", time = 1000) {
  cell.classList.add(state);
  setTimeout(() => unmark(cell, state), time);
}

export function lock(cell, reason) {
  cell.classList.add("is-locked");
  cell.setAttribute("aria-readonly", "true");
  cell.dataset.edReason = reason;
  describe(cell);
}
