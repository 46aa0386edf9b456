// keys.js — the keyboard of the grid. Combinations go by event.code, so they work in any layout.
import { cellOf, lessonOf, lessons, place, pupils, valueOf } from "./model.js";
import { currentCell, goBy, goDown, goTo, onMove } from "./cursor.js";
import { edit, editorKey, isEditing } from "./editor.js";
import { clearSelection, extend, selectAll, selectColumn, selectRow, selectTo } from "./selection.js";
import { clearCells, fillDown, fillSelection, redoLast, undoLast } from "./commands.js";
import { forgetDetails, openDetails } from "./details.js";
import { openKeys, goesDown } from "./help.js";
import { openMenu } from "./menu.js";
import { letterOf } from "./letters.js";
import { hasMarks, second, typedOver, writesAtOnce } from "./values.js";
import { forgetRefusal, write } from "./write.js";

const PAGE = 10;
const SIGNS = { "/": "/", ">": "→" };
let armed = null; // the cell that waits for its next mark after "/", or after ">" for a retake

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-PAGE, 0], PageDown: [PAGE, 0] };
const END = 100000;
const EDGES = { ArrowUp: [-END, 0], ArrowDown: [END, 0], ArrowLeft: [0, -END], ArrowRight: [0, END], Home: [-END, -END], End: [END, END] };

const PLAIN = {
  Home: () => goTo(place(currentCell()).row, 0),
  End: () => goTo(place(currentCell()).row, lessons.length - 1),
  Enter: goDown,
  F2: () => edit(currentCell()),
  Escape: () => { forgetRefusal(currentCell()); clearSelection(); },
  Delete: clearCells,
  Backspace: clearCells,
  ContextMenu: () => openMenu(currentCell()),
};
const WITH_SHIFT = {
  Enter: () => goBy(-1, 0),
  Space: selectRow,
  F10: () => openMenu(currentCell()),
  Home: () => selectTo(place(currentCell()).row, 0),
  End: () => selectTo(place(currentCell()).row, lessons.length - 1),
};
const WITH_CTRL = {
  Space: selectColumn, KeyA: selectAll, KeyD: fillDown, Enter: fillSelection,
  KeyZ: undoLast, KeyY: redoLast, Slash: openKeys,
};
const WITH_CTRL_SHIFT = { KeyZ: redoLast };
const WITH_ALT = { Enter: () => openDetails(currentCell()) };

const codeOf = (event) => (event.code === "NumpadEnter" ? "Enter" : event.code);

function command(event) {
  const ctrl = event.ctrlKey || event.metaKey;
  const code = codeOf(event);
  if (event.altKey) return WITH_ALT[code];
  if (ctrl && event.shiftKey) return code in EDGES ? () => extend(...EDGES[code]) : WITH_CTRL_SHIFT[code];
  if (ctrl && code in EDGES) return () => goBy(...EDGES[code]);
  if (ctrl) return WITH_CTRL[code];
  if (event.shiftKey && code in STEPS) return () => extend(...STEPS[code]);
  if (event.shiftKey) return WITH_SHIFT[code];
  if (event.key in STEPS) return () => goBy(...STEPS[event.key]);
  return PLAIN[event.key];
}

function arm(cell, sign) {
  armed = cell;
  cell.classList.add("is-armed");
  cell.dataset.sign = sign;
}

function disarm() {
  const cell = armed;
  armed = null;
  if (cell) cell.classList.remove("is-armed");
  return cell;
}

// The mark after the sign; one that may be longer (10 of ten) is typed to its end in the field.
function join(cell, digit, allowed) {
  const text = second(valueOf(cell), digit, cell.dataset.sign);
  if (writesAtOnce(digit, allowed)) write(cell, text);
  else edit(cell, text);
}

function type(event) {
  const cell = currentCell();
  const before = disarm();
  const { allowed } = lessonOf(cell);
  const letter = letterOf(event);
  if (!letter || letter === " ") return false;
  if (letter === "?") openKeys();
  else if (event.code === "KeyI") openDetails(cell);
  else if (letter in SIGNS && (hasMarks(valueOf(cell)) || event.key !== ".")) arm(cell, SIGNS[letter]);
  else if (letter === "." || event.key === ".") write(cell, before === cell ? second(valueOf(cell), "•", cell.dataset.sign) : typedOver(valueOf(cell), "•"));
  else if (before === cell && /\d/.test(letter)) join(cell, letter, allowed);
  else if (writesAtOnce(letter, allowed)) {
    if (write(cell, typedOver(valueOf(cell), letter)) && goesDown()) goBy(1, 0);
  } else if (/[\p{L}]/u.test(letter) || allowed.some((one) => one.startsWith(letter))) edit(cell, letter);
  else write(cell, letter);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (isEditing()) return void editorKey(event);
  if (event.key === "Tab" || !cellOf(event.target) || !pupils.length) return;
  forgetDetails();
  const found = command(event);
  if (found) {
    disarm();
    event.preventDefault();
    found();
  } else if (!event.ctrlKey && !event.metaKey && !event.altKey && type(event)) event.preventDefault();
});
onMove(disarm);
