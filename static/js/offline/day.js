// day.js — «Работать без сети на этом устройстве»: the switch, today's pages, and what waits to be sent.
import { canKeep, forget, isOn, switchOn } from "./device.js";
import { all, send } from "./queue.js";

const box = document.querySelector("[data-ed-offline]");
const on = box?.querySelector("[data-ed-offline-on]");
const off = box?.querySelector("[data-ed-offline-off]");
const status = box?.querySelector("[data-ed-offline-status]");
const list = box?.querySelector("[data-ed-offline-list]");
const isCopy = Boolean(document.body.dataset.edKept);

function show() {
  on.hidden = isOn();
  off.hidden = !isOn();
}

function pages() {
  const links = document.querySelectorAll("[data-ed-keep] a[href*='/lessons/']");
  return ["/journal/", ...new Set([...links].map((link) => link.pathname))];
}

async function keep() {
  const worker = await switchOn();
  navigator.serviceWorker.addEventListener("message", (event) => {
    status.textContent = event.data.kept
      ? `Уроки на сегодня сохранены на этом устройстве: ${pages().length - 1}.`
      : "Уроки не сохранились. Откройте эту страницу ещё раз, когда связь станет лучше.";
  }, { once: true });
  worker.active.postMessage({ keep: pages() });
}

function line(entry, words) {
  const row = document.createElement("li");
  const link = document.createElement("a");
  link.href = entry.path;
  link.textContent = entry.label;
  row.append(link, ` — ${words}`);
  return row;
}

const WORDS = { waiting: "ждёт связи", draft: "не записано: откройте и нажмите «Записать»" };

function showWaiting() {
  const rows = all().map((entry) => line(entry, WORDS[entry.state] ?? `не принято: ${entry.why}`));
  list.replaceChildren(...rows);
  list.parentElement.hidden = !rows.length;
}

async function sendAll() {
  for (const entry of all().filter((one) => one.state === "waiting")) {
    const found = await send(entry);
    if (found.state === "session") document.dispatchEvent(new Event("ed:session-ended"));
    if (["away", "session"].includes(found.state)) break;
  }
  showWaiting();
}

if (box && canKeep()) {
  box.hidden = false;
  show();
  showWaiting();
  on.addEventListener("click", () => keep().then(show));
  off.addEventListener("click", () => forget().then(() => { status.textContent = "Выключено, сохранённое удалено."; show(); }));
  if (isOn() && !isCopy && box.dataset.edOffline === "today") keep();
  window.addEventListener("online", sendAll);
  document.addEventListener("ed:session-back", sendAll);
  sendAll();
}
