// pad.js — the touch pad under the grid: no on-screen keyboard; a mark moves to the next pupil.
import { cellOf, lessonOf, place, pupils, scroller, settings, titleOf, valueOf } from "./model.js";
import { currentCell, goBy, jumpTo, onMove } from "./cursor.js";
import { clearCells, undoLast } from "./commands.js";
import { openMenu } from "./menu.js";
import { second, typedOver } from "./values.js";
import { write } from "./write.js";

const HOLD = 550;
const LABELS = { "•": "Точка: отметка ещё должна быть" };
const pad = () => document.querySelector("[data-ed-pad]");
const picture = (name) => pad().querySelector(`[data-ed-picture="${name}"]`)?.content.cloneNode(true);
let joining = ""; // "/" was pressed: the next digit is the second mark; "→": the retake
let held = 0;
let byTouch = false; // of the last press: a click event does not say it in every browser

function key(text, label = text) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "pad-key" });
  made.dataset.edPadKey = text;
  made.append(picture(text) ?? text);
  made.setAttribute("aria-label", label);
  return made;
}

// «5 4 3 2» first, then letters, «/», words, erase, undo.
function build(cell) {
  const { allowed } = lessonOf(cell);
  const extra = settings.marks > 1 ? [key("/", "Вторая отметка в клетке")] : [];
  if (allowed.some((one) => /\d/.test(one))) extra.push(key("→", "Пересдача"));
  const inOrder = [...allowed].sort((one, two) => (one.length > 2) - (two.length > 2)); // words come last
  const keys = [...inOrder.map((one) => key(one, LABELS[one] || one)), ...extra, key("erase", "Стереть"), key("undo", "Отменить")];
  const box = pad().querySelector("[data-ed-pad-keys]");
  box.replaceChildren(...keys);
  box.toggleAttribute("data-wide", keys.length > 12);
}

function show(cell) {
  if (pad().hidden) {
    build(cell);
    pad().hidden = false;
    document.body.classList.add("has-pad");
    document.body.style.setProperty("--pad-h", `${pad().offsetHeight}px`); // the grid ends above it
  }
  const value = valueOf(cell);
  pad().querySelector("[data-ed-pad-title]").textContent = `${place(cell).row + 1}. ${titleOf(cell)}${value ? `: ${value}` : ""}`;
}

function hide() {
  pad().hidden = true;
  document.body.classList.remove("has-pad");
}

const ACTIONS = {
  up: () => goBy(-1, 0),
  down: () => goBy(1, 0),
  close: hide,
  erase: clearCells,
  undo: undoLast,
};

function join(sign) {
  joining = sign;
  ["/", "→"].forEach((one) => pad().querySelector(`[data-ed-pad-key='${one}']`)?.setAttribute("aria-pressed", String(one === sign)));
}

function put(text) {
  const cell = currentCell();
  const value = valueOf(cell);
  const written = write(cell, joining ? second(value, text, joining) : typedOver(value, text));
  join("");
  if (written && place(cell).row < pupils.length - 1) goBy(1, 0);
}

function press(text) {
  if (text === "/" || text === "→") {
    join(joining === text ? "" : text);
    return;
  }
  if (text in ACTIONS) ACTIONS[text]();
  else put(text);
  if (!pad().hidden) show(currentCell());
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-ed-pad-key]");
  if (button) return press(button.dataset.edPadKey);
  const cell = cellOf(event.target);
  if (cell && settings.canEdit && byTouch) {
    jumpTo(cell);
    show(cell);
  }
  return undefined;
});
document.addEventListener("pointerdown", (event) => {
  byTouch = event.pointerType === "touch";
  const cell = byTouch && cellOf(event.target);
  clearTimeout(held);
  if (cell) held = setTimeout(() => openMenu(cell), HOLD);
});
["pointerup", "pointercancel", "pointermove"].forEach((name) => document.addEventListener(name, () => clearTimeout(held)));
if (scroller) scroller.addEventListener("scroll", () => clearTimeout(held), { passive: true });
onMove((cell) => { join(""); if (!pad().hidden) show(cell); });
