// closing.js — the table of results: asks why where a mark departs from the table, counts what is not saved,
// arrow keys left and right and Enter move between [select] in [data-ed-closing].
const initial = new WeakMap();

function start() {
  for (const select of document.querySelectorAll("[data-ed-closing] select")) {
    initial.set(select, select.name.split(":").slice(4).join(":"));
    show(select);
  }
}

const isChanged = (select) => select.value !== initial.get(select);

function show(select) {
  const cell = select.closest("td");
  const why = cell.querySelector(".closing-why");
  cell.classList.toggle("is-changed", isChanged(select));
  if (!why) return;
  const fits = select.dataset.edFits.split(" ");
  const asks = isChanged(select) && select.value !== "" && !fits.includes(select.value);
  const keeps = asks || select.getAttribute("aria-invalid") === "true";
  why.hidden = !keeps;
  why.disabled = !keeps;
  why.required = asks;
}

function tell(form) {
  const place = form.querySelector("[data-ed-closing-count]");
  const number = [...form.querySelectorAll("select")].filter(isChanged).length;
  if (place) place.textContent = number ? `Не сохранено: ${number}` : "";
  return number;
}

function neighbour(select, key) {
  const row = select.closest("tr");
  const inRow = [...row.querySelectorAll("select")];
  if (key === "ArrowLeft" || key === "ArrowRight") {
    return inRow[inRow.indexOf(select) + (key === "ArrowRight" ? 1 : -1)];
  }
  const column = select.closest("td").cellIndex;
  for (let next = row.nextElementSibling; next; next = next.nextElementSibling) {
    const found = next.cells[column]?.querySelector("select");
    if (found) return found;
  }
  return null;
}

document.addEventListener("change", (event) => {
  const select = event.target.closest("[data-ed-closing] select");
  if (!select) return;
  show(select);
  tell(select.form);
});

document.addEventListener("keydown", (event) => {
  const select = event.target.closest("[data-ed-closing] select");
  if (!select || event.altKey || event.ctrlKey || event.metaKey) return;
  if (!["ArrowLeft", "ArrowRight", "Enter"].includes(event.key)) return;
  event.preventDefault();
  neighbour(select, event.key)?.focus();
});

let isSent = false;
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-ed-closing]")) isSent = true;
});
window.addEventListener("beforeunload", (event) => {
  const form = document.querySelector("[data-ed-closing]");
  if (form && !isSent && tell(form)) event.preventDefault();
});

start();
