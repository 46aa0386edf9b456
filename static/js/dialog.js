// dialog.js — a button with data-ed-dialog="id" opens that <dialog>; data-ed-close closes the one around it.
// A form with data-ed-confirm="Удалить запись?" asks before it is sent.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-ed-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.edDialog);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  const closer = event.target.closest("[data-ed-close]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog")?.close();
  }
});

document.addEventListener(
  "submit",
  (event) => {
    const question = event.target.dataset.edConfirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  true,
);
