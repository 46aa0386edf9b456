// queue.js — autosave: sends a moment after the last key, one request at a time, and tries again.
import { settings } from "./model.js";
import { add, hasWaiting, inherit, landed, nextFlight, save, unsent } from "./backlog.js";
import { post, ServerAway, SessionEnded } from "./wire.js";

const PAUSE = 350;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30000;
let busy = false;
let timer = 0;
let delay = FIRST_WAIT;
let stopped = false; // the session ended: nothing is sent until someone signs in
let tell = () => {};
let settle = () => {};

export function onState(watcher) { tell = watcher; }
export function onAnswer(watcher) { settle = watcher; }

function plan(pause) {
  clearTimeout(timer);
  timer = setTimeout(send, pause);
}

export function put(cell, value, reason) {
  add(cell, value, reason);
  plan(PAUSE);
}

export function sendNow() {
  stopped = false;
  delay = FIRST_WAIT;
  plan(0);
}

// The page is being left: true if all that is unsent is on its way in a request that outlives the page.
export function flush() {
  if (stopped || delay !== FIRST_WAIT || !navigator.onLine) return false;
  clearTimeout(timer);
  send();
  return !hasWaiting();
}

async function send() {
  if (busy || stopped) return;
  const flight = nextFlight();
  if (!flight) {
    tell({ name: "idle" });
    return;
  }
  busy = true;
  tell({ name: "sending" });
  try {
    const answer = await post(settings.save, { ...flight, user: settings.user });
    landed();
    delay = FIRST_WAIT;
    settle(flight, answer);
    save();
    tell({ name: "saved", at: answer.saved_at });
    if (unsent()) plan(0);
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

// Takes over what earlier pages left unsent: key → value, for painting.
export function resume() {
  const left = inherit();
  if (left.size) plan(0);
  return left;
}
