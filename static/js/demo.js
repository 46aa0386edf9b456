// demo.js — a demo account's button fills the sign-in form and sends it.
for (const button of document.querySelectorAll("[data-ed-demo-login]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const form = document.querySelector("main form");
    form.elements.login.value = button.dataset.edDemoLogin;
    form.elements.password.value = button.dataset.edDemoPassword;
    form.requestSubmit();
  });
}
