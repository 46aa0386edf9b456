// changes.js — while the page is looked at: what others wrote comes in, and who else has the journal open.
import { settings, timesTold } from "./model.js";
import { showPresent, showStale, takeChanges } from "./remote.js";
import { ask, SessionEnded } from "./wire.js";

const IDLE = 5 * 60 * 1000; // nobody touches keys or mouse: nobody is there
const AGAIN = 1000;
const FIRST = 1500; // after the page is there: who else is here is seen soon
let token = "";
let timer = 0;
let busy = false;
let lastTouch = Date.now();

const isIdle = () => Date.now() - lastTouch > IDLE;

function plan(pause = settings.poll) {
  clearTimeout(timer);
  timer = setTimeout(poll, pause);
}

// Cells that could not be patched now keep the old token: the next answer brings them again.
function take(answer, before) {
  showPresent(answer.present);
  if (!answer.cells) token = answer.token;
  else if (timesTold() !== before) return AGAIN; // something was saved meanwhile: this answer may be older
  else if (!showStale(answer) && takeChanges(answer)) token = answer.token;
  return settings.poll;
}

async function poll() {
  if (busy || document.hidden || isIdle()) return;
  busy = true;
  let pause = settings.poll;
  const before = timesTold();
  try {
    pause = take(await ask(`${settings.changes}&since=${token}`), before);
  } catch (error) {
    if (error instanceof SessionEnded) document.dispatchEvent(new Event("ed:session-ended"));
    // away or refused: the queue tells of the network, the next poll tries again
  } finally {
    busy = false;
    plan(pause);
  }
}

export function watchOthers() {
  plan(Math.min(FIRST, settings.poll));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) plan(0); });
  window.addEventListener("online", () => plan(0));
  ["keydown", "pointerdown", "pointermove"].forEach((name) => document.addEventListener(name, () => {
    const was = isIdle();
    lastTouch = Date.now();
    if (was) plan(0);
  }, { passive: true }));
}
