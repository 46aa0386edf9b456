// take.js — «Взять»: puts the plan's words into their field; without the script the button sends the form.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-ed-take]");
  const field = button && document.getElementById(button.dataset.edTake);
  if (!field) return;
  event.preventDefault();
  field.value = button.dataset.edText;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
