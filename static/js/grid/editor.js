// editor.js — an input inside the cell: F2, double click, or a letter that begins a longer value.
import { closedReason, paint, titleOf, valueOf } from "./model.js";
import { currentCell, goBy, goDown, jumpTo } from "./cursor.js";
import { letterOf } from "./letters.js";
import { forgetRefusal, refuseText, write } from "./write.js";
import { sayAtOnce } from "./speak.js";

let open = null; // {cell, input, before}

export const isEditing = () => open !== null;

export function edit(cell, text = valueOf(cell)) {
  const reason = closedReason(cell);
  if (reason) return sayAtOnce(reason);
  const input = document.createElement("input");
  input.className = "cell-input";
  input.setAttribute("aria-label", titleOf(cell));
  input.autocomplete = "off";
  input.maxLength = 40;
  input.value = text;
  open = { cell, input, before: valueOf(cell) };
  cell.replaceChildren(input);
  cell.classList.add("is-editing");
  input.focus();
  return input.setSelectionRange(text.length, text.length);
}

function close() {
  const { cell, input, before } = open;
  open = null;
  cell.classList.remove("is-editing");
  paint(cell, "");
  paint(cell, before);
  return { cell, text: input.value, hadFocus: document.activeElement === document.body };
}

export function cancel() {
  if (!open) return;
  const { cell } = close();
  forgetRefusal(cell);
  jumpTo(cell);
}

// Takes what is typed. False if it was refused: the old value stands and the focus stays.
export function accept(move = () => {}) {
  if (!open) return true;
  const { cell, text } = close();
  const taken = write(cell, text);
  jumpTo(cell);
  if (taken) move();
  return taken;
}

function leave(event) {
  if (!open || event.target !== open.input) return;
  const { cell, text } = close(); // a click elsewhere accepts
  write(cell, text);
}

const MOVES = {
  Enter: (event) => accept(event.shiftKey ? () => goBy(-1, 0) : goDown),
  Tab: (event) => accept(() => goBy(0, event.shiftKey ? -1 : 1)),
  ArrowUp: () => accept(() => goBy(-1, 0)),
  ArrowDown: () => accept(() => goBy(1, 0)),
  Escape: cancel,
};

function typeIn(event) {
  const letter = letterOf(event);
  const { input } = open;
  if (!letter || letter === event.key || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  input.setRangeText(letter, input.selectionStart, input.selectionEnd, "end");
}

export function editorKey(event) {
  const move = MOVES[event.key];
  if (!move) return typeIn(event);
  event.preventDefault();
  return move(event);
}

document.addEventListener("focusout", leave);
document.addEventListener("dblclick", (event) => {
  const cell = event.target.closest("[data-ed-grid] td.cell");
  if (cell && !open && cell === currentCell()) edit(cell);
});
