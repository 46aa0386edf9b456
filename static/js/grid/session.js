// session.js — a session that ended, a page that is left, a sign-out: unsent work is never lost silently.
import { ask } from "./ask.js";
import { countAll, dropAll } from "./outbox.js";
import { unsent } from "./backlog.js";
import { flush, sendNow } from "./queue.js";

let ended = false;

// The dialog «Войдите снова — записи не пропадут» is the whole site's: static/js/session.js.
export function sessionState(state) {
  if (state.name === "session") document.dispatchEvent(new Event("ed:session-ended"));
  ended = state.name === "session";
}

document.addEventListener("ed:session-back", sendNow);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-ed-retry]")) sendNow();
});
// Coming back to this tab: perhaps the teacher signed in elsewhere.
window.addEventListener("focus", () => { if (ended && !document.querySelector("dialog[open]")) sendNow(); });
window.addEventListener("online", () => { if (unsent()) sendNow(); });
window.addEventListener("beforeunload", (event) => {
  if (!unsent() || flush()) return;
  event.preventDefault();
  event.returnValue = "";
});

const isSignOut = (form) => form.matches("[data-ed-logout], [action*='logout']");

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!isSignOut(form) || !countAll()) return;
  event.preventDefault();
  sendNow();
  const choice = await ask({
    title: `Не отправлено записей: ${countAll()}`,
    lines: ["Если выйти сейчас и удалить их, они пропадут: на этом компьютере их больше не будет."],
    buttons: [{ text: "Остаться и отправить", value: null, main: true }, { text: "Выйти и удалить записи", value: "drop" }],
  });
  if (choice !== "drop") return;
  dropAll();
  HTMLFormElement.prototype.submit.call(form);
});
