// list.js — one lesson as a list: buttons under the thumb, any layout, Enter goes to the next pupil.
import { letterOf } from "./letters.js";

const form = document.querySelector("[data-ed-lesson-form]");
const status = document.querySelector("[data-ed-list-status]");
const fields = form ? [...form.querySelectorAll("[data-ed-value]")] : [];
const allowed = form ? form.dataset.edAllowed.split(" ").filter(Boolean) : [];
let changed = false;

function touch() {
  changed = true;
  if (status) status.textContent = "Есть незаписанные изменения";
}

function chip(field, text) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "pad-key";
  if (text) made.textContent = text;
  else made.append(form.querySelector("[data-ed-picture=erase]").content.cloneNode(true));
  made.dataset.edFill = text;
  made.setAttribute("aria-label", `${text || "Стереть"}: ${field.labels[0].textContent.trim()}`);
  return made;
}

// Built by the script: without it there are no buttons that do nothing.
function addChips(field) {
  const box = document.createElement("div");
  box.className = "pupil-chips only-narrow";
  box.append(...allowed.filter((one) => one.length === 1).map((one) => chip(field, one)), chip(field, ""));
  field.closest("[data-ed-pupil]").append(box);
  showChosen(field);
}

function showChosen(field) {
  field.closest("[data-ed-pupil]").querySelectorAll("[data-ed-fill]").forEach((one) => {
    one.setAttribute("aria-pressed", String(one.dataset.edFill !== "" && one.dataset.edFill === field.value.trim()));
  });
}

function next(field, step) {
  const found = fields[fields.indexOf(field) + step];
  if (found) {
    found.focus();
    found.select();
  }
}

fields.forEach(addChips);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-ed-fill]");
  if (!button) return;
  const field = button.closest("[data-ed-pupil]").querySelector("[data-ed-value]");
  const again = field.value.trim() === button.dataset.edFill;
  field.value = again ? "" : button.dataset.edFill;
  showChosen(field);
  touch();
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!(field instanceof Element) || !field.matches("[data-ed-value]")) return;
  if (event.key === "Enter" || event.key === "ArrowDown") {
    event.preventDefault();
    next(field, 1);
  } else if (event.key === "ArrowUp") {
    event.preventDefault();
    next(field, -1);
  } else {
    const letter = letterOf(event);
    if (!letter || letter === event.key || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.setRangeText(letter, field.selectionStart, field.selectionEnd, "end");
    touch();
  }
});

if (form) {
  form.addEventListener("input", (event) => {
    touch();
    if (event.target.matches("[data-ed-value]")) showChosen(event.target);
  });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!changed) return;
    event.preventDefault();
    event.returnValue = "";
  });
}
