// queue.js — autosave: what waits, what is in flight, when to send and when to try again.
import { keyOf, knownOf, settings } from "./model.js";
import { keep, newId, takeOver } from "./outbox.js";
import { post, ServerAway, SessionEnded } from "./wire.js";

const PAUSE = 350;
const LIMIT = 200;
const LONGEST_WAIT = 30000;
const waiting = new Map(); // key → {value, rev}; rev is null while an older value of the cell is in flight
let flights = []; // sent and not answered, the first one is under way
let busy = false;
let timer = 0;
let delay = 500;
let stopped = false; // the session ended: nothing is sent until someone signs in
let tell = () => {};
let settle = () => {};

const flying = (key) => flights.some((flight) => flight.cells.some((cell) => `${cell.pupil}:${cell.lesson}` === key));
export const unsent = () => waiting.size + flights.reduce((sum, flight) => sum + flight.cells.length, 0);
export const isWaiting = (key) => waiting.has(key) || flying(key);
export const laterValue = (key) => waiting.get(key);

export function onState(watcher) { tell = watcher; }
export function onAnswer(watcher) { settle = watcher; }

function save() {
  keep(flights, [...waiting].map(([key, entry]) => [key, entry.value, entry.rev]));
}

export function put(cell, value) {
  const key = keyOf(cell);
  const base = knownOf(cell);
  if (flying(key)) waiting.set(key, { value, rev: null });
  else if (value === base.value) waiting.delete(key);
  else waiting.set(key, { value, rev: waiting.get(key)?.rev ?? base.rev });
  save();
  plan(PAUSE);
}

export function forget(key) {
  waiting.delete(key);
  save();
}

export function rebase(key, rev) {
  if (waiting.has(key)) waiting.get(key).rev = rev;
}

function plan(pause) {
  clearTimeout(timer);
  timer = setTimeout(send, pause);
}

export function sendNow() {
  stopped = false;
  delay = 500;
  plan(0);
}

function nextFlight() {
  const batch = [...waiting].filter(([key, entry]) => entry.rev !== null && !flying(key)).slice(0, LIMIT);
  if (!batch.length) return null;
  const cells = batch.map(([key, entry]) => {
    const [pupil, lesson] = key.split(":");
    waiting.delete(key);
    return { pupil, lesson, value: entry.value, rev: entry.rev };
  });
  return { op: newId(), cells };
}

async function send() {
  if (busy || stopped) return;
  if (!flights.length) {
    const flight = nextFlight();
    if (!flight) return tell({ name: unsent() ? "sending" : "idle" });
    flights.push(flight);
    save();
  }
  busy = true;
  tell({ name: "sending" });
  try {
    const answer = await post(settings.save, { ...flights[0], user: settings.user });
    const flight = flights.shift();
    delay = 500;
    settle(flight, answer);
    save();
    tell({ name: "saved", at: answer.saved_at });
    plan(0);
  } catch (error) {
    failed(error);
  } finally {
    busy = false;
  }
}

function failed(error) {
  if (error instanceof SessionEnded) {
    stopped = true;
    tell({ name: "session" });
    return;
  }
  if (!(error instanceof ServerAway)) throw error;
  tell({ name: navigator.onLine ? "failing" : "offline", seconds: Math.ceil(delay / 1000) });
  plan(delay);
  delay = Math.min(delay * 2, LONGEST_WAIT);
}

export function resume() {
  const left = takeOver();
  flights = left.flights;
  left.waiting.forEach(([key, value, rev]) => waiting.set(key, { value, rev }));
  save();
  if (unsent()) plan(0);
  const sent = flights.flatMap((flight) => flight.cells.map((cell) => [`${cell.pupil}:${cell.lesson}`, cell.value]));
  return new Map([...sent, ...[...waiting].map(([key, entry]) => [key, entry.value])]);
}
