// unsent.js — signing out while marks of a journal still wait in this browser: asked first, on every page.
// The journal's own page asks with a dialog of its own (static/js/grid/session.js).
const { edUser: user } = document.body.dataset;

function waiting() {
  try {
    const ours = [`ed:outbox:${user}:`, `ed:list:${user}:`]; // of the grid, and of lists without network
    return Object.keys(localStorage).filter((key) => ours.some((prefix) => key.startsWith(prefix)));
  } catch {
    return [];
  }
}

function count(keys) {
  return keys.reduce((total, key) => {
    const left = JSON.parse(localStorage.getItem(key));
    if (left.fields) return total + 1;
    return total + left.waiting.length + left.flights.reduce((sum, flight) => sum + flight.cells.length, 0);
  }, 0);
}

document.addEventListener("submit", (event) => {
  const keys = user && event.target.matches("[data-ed-logout]") && !document.querySelector("[data-ed-grid]") ? waiting() : [];
  if (!keys.length) return;
  const question = `Не отправлено записей журнала: ${count(keys)}. Откройте журнал, и они уйдут. Выйти и удалить эти записи?`;
  if (window.confirm(question)) keys.forEach((key) => localStorage.removeItem(key));
  else event.preventDefault();
});
