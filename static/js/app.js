// app.js — htmx where it is needed: the CSRF header, refusals and lost connections in words, the ended session.
import { sessionEnded } from "./session.js";
import "./menu.js";
import "./dialog.js";
import "./unsent.js";
import "./offline/forget.js";

const LOGIN = document.querySelector("meta[name=ed-login]")?.content;

export function csrfToken() {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return cookie ? cookie[1] : document.querySelector("meta[name=ed-csrf]")?.content ?? "";
}

export function say(text, tone = "bad") {
  const region = document.getElementById("messages");
  if (!region) return;
  const alert = document.createElement("div");
  alert.className = "alert";
  alert.dataset.tone = tone;
  alert.setAttribute("role", tone === "bad" ? "alert" : "status");
  alert.textContent = text;
  region.replaceChildren(alert);
  if (region.getBoundingClientRect().top < 0) region.scrollIntoView({ block: "nearest" });
}

function landedOnSignIn(xhr) {
  return Boolean(LOGIN && xhr.responseURL && new URL(xhr.responseURL).pathname === LOGIN);
}

function sentence(xhr) {
  const page = new DOMParser().parseFromString(xhr.responseText ?? "", "text/html");
  const said = page.querySelector("[data-ed-refusal]")?.textContent.trim();
  if (said) return said;
  if (xhr.status === 403) return "Это действие вам не разрешено. Обновите страницу и повторите.";
  if (xhr.status === 404) return "Запись не найдена: возможно, её уже удалили. Обновите страницу.";
  if (xhr.status === 413) return "Файл слишком большой.";
  if (xhr.status === 429) return "Слишком много попыток. Подождите минуту и повторите.";
  const incident = xhr.getResponseHeader("X-Request-ID");
  return `Сервер не выполнил действие. Повторите позже.${incident ? ` Номер обращения: ${incident}` : ""}`;
}

// A quarter of a first visit's bytes: fetched when something asks by itself, else when a part that it serves
// is about to be used. Until it is here such a form is sent as any other.
// Only to a page that is complete: between its two events htmx would wait for the one that is past.
function bringHtmx() {
  if (document.readyState !== "complete") return addEventListener("load", bringHtmx, { once: true });
  const script = document.createElement("script");
  script.src = document.querySelector("meta[name=ed-htmx]").content;
  return document.head.append(script);
}

function nearHtmx(event) {
  if (!event.target.closest("[hx-get],[hx-post]")) return;
  for (const sign of SIGNS) document.removeEventListener(sign, nearHtmx);
  bringHtmx();
}

const SIGNS = ["pointerover", "focusin"];
if (document.querySelector("[hx-trigger]")) bringHtmx();
else for (const sign of SIGNS) document.addEventListener(sign, nearHtmx);

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!landedOnSignIn(event.detail.xhr)) return;
  event.detail.shouldSwap = false;
  sessionEnded();
});

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (xhr.status === 401) sessionEnded();
  else say(sentence(xhr));
});

document.addEventListener("htmx:sendError", () => say("Нет связи. Проверьте интернет и повторите."));
document.addEventListener("htmx:timeout", () => say("Сервер не ответил вовремя. Повторите."));

// After a swap the new part's heading is where a screen reader's user should be.
document.addEventListener("htmx:afterSettle", (event) => {
  event.detail.elt.querySelector?.("[data-ed-focus]")?.focus({ preventScroll: true });
});
