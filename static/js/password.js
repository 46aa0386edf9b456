// password.js — «Показать пароль»: a button the script adds to each password field, so it never stands there dead.
for (const input of document.querySelectorAll("input[type=password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = "Показать";
  button.setAttribute("aria-label", "Показать пароль");
  button.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-controls", input.id);
  const box = document.createElement("div");
  box.className = "with-action";
  input.before(box);
  box.append(input, button);
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.textContent = shown ? "Скрыть" : "Показать";
    button.setAttribute("aria-pressed", String(shown));
    input.focus();
  });
  input.form?.addEventListener("submit", () => {
    input.type = "password";
  });
}
