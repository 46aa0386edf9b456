// details.js — the panel of one cell: comment, work, history; the fragment comes from the server.
import { cellByKey, keyOf, lessonOf, paint, pupilOf, setKnown, settings } from "./model.js";
import { currentCell, onMove } from "./cursor.js";
import { describe } from "./marks.js";
import { isWaiting } from "./backlog.js";
import { isEditing } from "./editor.js";
import { showText } from "./statusbar.js";
import { fragment, ServerAway, SessionEnded } from "./wire.js";

const panel = () => document.querySelector("[data-ed-panel]");
const body = () => panel().querySelector("[data-ed-panel-body]");

const urlOf = (cell) => `${settings.details}?pupil=${pupilOf(cell).id}&lesson=${lessonOf(cell).id}`;

async function load(url, options) {
  try {
    return await fragment(url, options);
  } catch (error) {
    if (error instanceof SessionEnded) document.dispatchEvent(new Event("ed:session-ended"));
    else showText(error instanceof ServerAway ? "Сервер не отвечает. Попробуйте ещё раз" : error.message, "bad");
    return null;
  }
}

// A panel that comes after its reader has gone on (any key, another cell, the field, a dialog) is not opened any more.
let asked = 0;
export const forgetDetails = () => { asked += 1; };
onMove(forgetDetails);

export async function openDetails(cell = currentCell()) {
  asked += 1;
  const mine = asked;
  const html = await load(urlOf(cell));
  if (html === null || mine !== asked || isEditing() || document.querySelector("dialog[open]:not([data-ed-panel])")) return;
  body().innerHTML = html;
  adopt(cell);
  if (!panel().open) panel().showModal();
}

// The fragment tells the cell's value, revision and whether it has a comment.
function adopt(cell) {
  const state = body().querySelector("[data-ed-cell-state]");
  if (!state) return;
  cell.classList.toggle("has-comment", state.dataset.note === "1");
  if (!isWaiting(keyOf(cell))) {
    setKnown(cell, state.dataset.value, Number(state.dataset.rev));
    paint(cell, state.dataset.value);
  }
  describe(cell);
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-ed-panel] form[data-ed-comment]");
  if (!form) return;
  event.preventDefault();
  const sent = new FormData(form);
  const html = await load(form.action, { method: "POST", body: sent });
  if (html === null) return;
  body().innerHTML = html;
  adopt(cellByKey(`${sent.get("pupil")}:${sent.get("lesson")}`));
  body().querySelector("textarea, button")?.focus();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-ed-panel-close]")) panel().close();
});
