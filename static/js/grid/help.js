// help.js — the list of keys, and the setting «Переходить вниз после отметки».
const SETTING = "ed:grid:down";
const box = () => document.querySelector("[data-ed-go-down]");

function remembered() {
  try {
    return localStorage.getItem(SETTING) === "1";
  } catch {
    return false;
  }
}

export const goesDown = () => box().checked;

export function openKeys() {
  document.querySelector("[data-ed-keys]").showModal();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-ed-help]")) openKeys();
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-ed-go-down]")) return;
  try {
    localStorage.setItem(SETTING, event.target.checked ? "1" : "0");
  } catch {
    // a private window: the setting lasts as long as the page
  }
});
if (box()) box().checked = remembered();
