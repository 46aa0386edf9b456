// queue.js — lists filled in without network: ids and values only, by user and lesson, until the server has them.
import { user } from "./device.js";

const LIMIT = 15000;
const prefix = `ed:list:${user}:`;

function store(work) {
  try {
    return work(localStorage);
  } catch {
    return null;
  }
}

// entry: {path, label, fields: [[name, value], …], at, state: "draft" | "waiting" | "refused", why}
export const put = (entry) => store((place) => { place.setItem(prefix + entry.path, JSON.stringify(entry)); return true; });
export const drop = (path) => store((place) => place.removeItem(prefix + path));
export const get = (path) => store((place) => JSON.parse(place.getItem(prefix + path)));

export function all() {
  const keys = store((place) => Object.keys(place).filter((key) => key.startsWith(prefix))) ?? [];
  return keys.map((key) => store((place) => JSON.parse(place.getItem(key)))).filter(Boolean);
}

function token() {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

function why(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const said = [...page.querySelectorAll("main [role=alert], [data-ed-refusal]")].map((one) => one.textContent.trim());
  return said.join(" ").replace(/\s+/g, " ");
}

async function post(entry) {
  const body = new FormData();
  entry.fields.forEach(([name, value]) => body.append(name, value));
  body.set("csrfmiddlewaretoken", token());
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), LIMIT);
  try {
    return await fetch(entry.path, { method: "POST", body, signal: stop.signal, credentials: "same-origin" });
  } finally {
    clearTimeout(clock);
  }
}

// Sends one entry: "sent" with the page to go to, "away", "session", or "refused" with the server's words.
// What the server did not take stays here. The operation's id makes a second sending of the same harmless.
export async function send(entry) {
  let response;
  try {
    response = await post(entry);
  } catch {
    return { state: "away" };
  }
  if (response.ok && response.redirected && new URL(response.url).searchParams.has("saved")) {
    drop(entry.path);
    return { state: "sent", url: response.url };
  }
  if (response.status === 401 || new URL(response.url).pathname.startsWith("/accounts/")) return { state: "session" };
  if (response.status >= 500 || response.status === 429 || response.ok) return { state: "away" };
  const words = why(await response.text()) || `сервер не принял запись (код ${response.status})`;
  put({ ...entry, state: "refused", why: words });
  return { state: "refused", why: words };
}
