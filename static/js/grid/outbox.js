// outbox.js — unsent work kept in localStorage: ids and values only, by user, course and open page.
import { settings } from "./model.js";

const PREFIX = "ed:outbox";
const page = newId();
const mine = () => `${prefixOf()}${page}`;

function prefixOf() {
  return `${PREFIX}:${settings.user}:${settings.course}:`;
}

// crypto.randomUUID is missing where the school's network serves plain http.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function storage(work) {
  try {
    return work(window.localStorage);
  } catch {
    return null; // private window or full disk: the queue lives on in memory
  }
}

// flights: [{op, cells}] that were sent and not answered; waiting: [[key, value, rev], …]
export function keep(flights, waiting) {
  storage((store) => {
    if (flights.length || waiting.length) store.setItem(mine(), JSON.stringify({ flights, waiting }));
    else store.removeItem(mine());
  });
}

function entries(prefix) {
  return storage((store) => Object.keys(store).filter((key) => key.startsWith(prefix))) || [];
}

// What earlier pages of this user and course left behind; it becomes ours.
export function takeOver() {
  const found = { flights: [], waiting: [] };
  entries(prefixOf()).forEach((key) => storage((store) => {
    const left = JSON.parse(store.getItem(key));
    store.removeItem(key);
    found.flights.push(...left.flights);
    found.waiting.push(...left.waiting);
  }));
  return found;
}

// How many entries of this user wait in any course: asked before signing out.
export function countAll() {
  return entries(`${PREFIX}:${settings.user}:`).reduce((total, key) => total + storage((store) => {
    const left = JSON.parse(store.getItem(key));
    return left.waiting.length + left.flights.reduce((sum, flight) => sum + flight.cells.length, 0);
  }), 0);
}

export function dropAll() {
  entries(`${PREFIX}:${settings.user}:`).forEach((key) => storage((store) => store.removeItem(key)));
}
