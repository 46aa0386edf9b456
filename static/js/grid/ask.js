// ask.js — one question in a dialog: lines, items with buttons of their own, and the answer as a promise.
const dialog = () => document.querySelector("[data-ed-ask]");

function button({ text, value, main }, answer) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = main ? "btn btn-primary" : "btn";
  made.textContent = text;
  made.addEventListener("click", () => answer(value));
  return made;
}

function paragraph(text) {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}

function itemList(items, answer) {
  const made = document.createElement("ul");
  made.className = "dialog-items";
  items.forEach(({ text, buttons = [] }) => {
    const line = document.createElement("li");
    line.append(paragraph(text), ...buttons.map((one) => button(one, answer)));
    made.append(line);
  });
  return made;
}

// ask({title, lines, items, buttons, extra}) → the pressed button's value, or null. `extra` is any element, `check` may hold the dialog open.
export function ask({ title, lines = [], items = [], buttons, extra = null, check = () => true }) {
  const box = dialog();
  const body = box.querySelector("[data-ed-ask-body]");
  return new Promise((done) => {
    let given = null;
    const answer = (value) => {
      if (!check(value)) return;
      given = value;
      box.close();
    };
    box.querySelector("h2").textContent = title;
    body.replaceChildren(...lines.map(paragraph), ...(extra ? [extra] : []));
    box.classList.toggle("is-menu", buttons.length > 3);
    if (items.length) body.append(itemList(items, answer));
    box.querySelector("[data-ed-ask-buttons]").replaceChildren(...buttons.map((one) => button(one, answer)));
    box.addEventListener("close", () => done(given), { once: true });
    box.showModal();
    if (extra) extra.querySelector("textarea, input, select")?.focus();
  });
}
