// print.js — a button [data-ed-print] opens the browser's print dialog
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-ed-print]")) window.print();
});
