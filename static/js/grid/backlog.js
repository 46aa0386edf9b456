// backlog.js — what is not on the server yet: values that wait and requests without an answer.
import { keyOf, knownOf } from "./model.js";
import { keep, newId, takeOver } from "./outbox.js";

const LIMIT = 200;
const waiting = new Map(); // key → {value, rev, reason}; rev is null while an older value of the cell is in flight
export let flights = []; // sent and not answered, the first one is under way

const keysOf = (flight) => flight.cells.map((cell) => `${cell.pupil}:${cell.lesson}`);
const flying = (key) => flights.some((flight) => keysOf(flight).includes(key));

export const unsent = () => waiting.size + flights.reduce((sum, flight) => sum + flight.cells.length, 0);
export const hasWaiting = () => waiting.size > 0;
export const isWaiting = (key) => waiting.has(key) || flying(key);
export const laterValue = (key) => waiting.get(key);

export function save() {
  keep(flights, [...waiting].map(([key, entry]) => [key, entry.value, entry.rev, entry.reason]));
}

export function add(cell, value, reason = "") {
  const key = keyOf(cell);
  const base = knownOf(cell);
  if (flying(key)) waiting.set(key, { value, rev: null, reason });
  else if (value === base.value) waiting.delete(key);
  else waiting.set(key, { value, rev: waiting.get(key)?.rev ?? base.rev, reason });
  save();
}

export function forget(key) {
  waiting.delete(key);
  save();
}

// The older value of the cell is on the server now: the later one goes on top of it.
export function rebase(key, rev) {
  if (waiting.has(key)) waiting.get(key).rev = rev;
}

// The request to send next: one without an answer again, under its own id, or a new one; null if all is sent.
export function nextFlight() {
  if (flights.length) return flights[0];
  const ready = [...waiting].filter(([, entry]) => entry.rev !== null);
  if (!ready.length) return null;
  const reason = ready[0][1].reason || ""; // one request, one reason
  const batch = ready.filter(([, entry]) => (entry.reason || "") === reason).slice(0, LIMIT);
  const cells = batch.map(([key, entry]) => {
    const [pupil, lesson] = key.split(":");
    waiting.delete(key);
    return { pupil, lesson, value: entry.value, rev: entry.rev };
  });
  flights.push({ op: newId(), cells, ...(reason ? { reason } : {}) });
  save();
  return flights[0];
}

export const landed = () => flights.shift();

// Unsent work of earlier pages: key → value.
export function inherit() {
  const left = takeOver();
  flights = left.flights;
  left.waiting.forEach(([key, value, rev, reason = ""]) => waiting.set(key, { value, rev, reason }));
  save();
  const sent = flights.flatMap((flight) => keysOf(flight).map((key, index) => [key, flight.cells[index].value]));
  return new Map([...sent, ...[...waiting].map(([key, entry]) => [key, entry.value])]);
}
