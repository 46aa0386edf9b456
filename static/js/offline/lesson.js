// lesson.js — the list of a lesson without network: what was typed waits in this browser and is sent later.
import { isOn } from "./device.js";
import { drop, get, put, send } from "./queue.js";

const form = document.querySelector("[data-ed-lesson-form]");
const status = document.querySelector("[data-ed-list-status]");
const path = location.pathname;
const isCopy = Boolean(document.body.dataset.edKept);
const AGAIN = 20000;
let isSending = false;

const say = (text) => { if (status) status.textContent = text; };

function fields() {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
}

function remember(state, why = "") {
  const label = document.querySelector("h1").textContent.trim();
  const when = document.querySelector("h1 + .row p")?.textContent.trim() ?? "";
  return put({ path, label: `${label}, ${when}`, fields: fields(), at: new Date().toISOString(), state, why });
}

function fill(entry) {
  const known = new Map(entry.fields);
  form.querySelectorAll("input[name], textarea[name], select[name]").forEach((field) => {
    if (["file", "checkbox"].includes(field.type) || field.name === "csrfmiddlewaretoken" || !known.has(field.name)) return;
    field.value = known.get(field.name);
    if (field.matches("[data-ed-value]")) field.dispatchEvent(new Event("input", { bubbles: true }));
    if (field.name.startsWith("comment_") && field.value) field.closest("details").open = true;
  });
  entry.fields.filter(([name]) => name === "removed_files").forEach(([name, value]) => {
    const box = form.querySelector(`[name=${name}][value="${CSS.escape(value)}"]`);
    if (box) box.checked = true;
  });
}

function waits() {
  say("Записано на этом устройстве. Уйдёт в журнал, когда появится связь.");
}

// The server's own page tells what it refused beside each pupil: the form itself is sent once more.
function showRefusal() {
  HTMLFormElement.prototype.submit.call(form);
}

async function deliver(entry) {
  if (isSending) return;
  isSending = true;
  say("Отправляется…");
  const found = await send(entry);
  isSending = false;
  if (found.state === "sent") location.assign(found.url);
  else if (found.state === "refused") showRefusal();
  else if (found.state === "session") document.dispatchEvent(new Event("ed:session-ended"));
  else waits();
}

function sendWaiting() {
  const entry = get(path);
  if (entry?.state === "waiting") deliver(entry);
}

function hasFile() {
  return [...form.querySelectorAll("input[type=file]")].some((field) => field.files.length);
}

function begin() {
  if (location.search.includes("saved=") && !isCopy) drop(path);
  const entry = get(path);
  if (entry) {
    fill(entry);
    const words = { waiting: "Не отправлено. ", refused: `Не принято: ${entry.why} `, draft: "" }[entry.state];
    say(`${words}Есть незаписанные изменения с прошлого раза.`);
  }
  form.addEventListener("submit", (event) => {
    if (hasFile()) {
      if (navigator.onLine && !isCopy) return;
      event.preventDefault();
      say("Файл без сети не сохранить: приложите его, когда появится связь.");
      return;
    }
    event.preventDefault();
    if (!remember("waiting")) say("На этом устройстве нет места: запись не сохранена.");
    else deliver(get(path));
  });
  form.addEventListener("input", () => { if (isCopy || !navigator.onLine) remember("draft"); });
  form.addEventListener("click", (event) => { if (event.target.closest("[data-ed-fill]") && (isCopy || !navigator.onLine)) setTimeout(() => remember("draft"), 0); });
  window.addEventListener("online", sendWaiting);
  document.addEventListener("ed:session-back", sendWaiting);
  setInterval(sendWaiting, AGAIN);
  sendWaiting();
}

// A page that answers a form (a refusal) shows it as it was typed already.
const isAnswer = Boolean(document.querySelector("main [role=alert]"));
if (form && !isAnswer && (isOn() || get(path))) begin();
if (form && isAnswer && get(path)) form.addEventListener("submit", () => remember("refused", get(path).why));
