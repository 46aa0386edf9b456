// kept.js — «Удалить сохранённые страницы» in the settings.
import { canKeep, forget, isOn } from "./device.js";

const box = document.querySelector("[data-ed-kept-pages]");

if (box && canKeep() && isOn()) {
  box.hidden = false;
  box.querySelector("button").addEventListener("click", async (event) => {
    await forget();
    event.target.hidden = true;
    box.querySelector("[role=status]").textContent = "Сохранённые страницы удалены.";
  });
}
