// wire.js — one JSON request with a time limit; says what kind of failure it was.
const LIMIT = 15000;

export class SessionEnded extends Error {}
export class ServerAway extends Error {}

// Read anew for each request: signing in again in another tab changes it.
function token() {
  const found = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
  return found ? found[1] : document.querySelector("meta[name=ed-csrf]")?.content ?? "";
}

export const headers = () => ({ "X-CSRFToken": token(), "X-Requested-With": "XMLHttpRequest" });

async function request(url, options) {
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), LIMIT);
  try {
    return await fetch(url, { ...options, keepalive: true, signal: stop.signal, redirect: "manual", credentials: "same-origin" });
  } catch {
    throw new ServerAway();
  } finally {
    clearTimeout(clock);
  }
}

// A whole request that the server refuses for good is an answer too: every cell is refused with its words.
function refusal(body, status, message) {
  const cells = body.cells.map((cell) => ({ ...cell, state: "refused", value: null, message }));
  return { op: body.op, status, cells, averages: {} };
}

// Signed out, another user's outbox, or an answer that is not ours (a page of the CSRF check).
function isSignedOut(response, answer) {
  if (response.status === 401 || response.type === "opaqueredirect") return true;
  return response.status === 403 && (!answer || answer.code === "other_user");
}

export async function post(url, body) {
  const response = await request(url, {
    method: "POST",
    headers: { ...headers(), "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  });
  const { status } = response;
  if (status >= 500 || status === 429 || status === 408) throw new ServerAway();
  const answer = await response.json().catch(() => null);
  if (isSignedOut(response, answer)) throw new SessionEnded();
  if (status === 200 && answer && answer.cells) return answer;
  if (status < 400) throw new ServerAway(); // a proxy's own page, not our server
  return refusal(body, status, answer?.message || `сервер не принял запись (код ${status})`);
}

// A question: its JSON, or the kind of failure.
export async function ask(url) {
  const response = await request(url, { headers: { ...headers(), Accept: "application/json" } });
  const answer = await response.json().catch(() => null);
  if (isSignedOut(response, answer)) throw new SessionEnded();
  if (!response.ok || !answer) throw new ServerAway();
  return answer;
}

// A piece of HTML; what the server refuses comes as JSON and is thrown with its sentence.
export async function fragment(url, options = {}) {
  const accept = { Accept: "text/html, application/json" };
  const response = await request(url, { ...options, headers: { ...headers(), ...accept } });
  const text = await response.text();
  const isPage = (response.headers.get("Content-Type") || "").startsWith("text/html");
  if (response.ok || (response.status === 422 && isPage)) return text;
  if (isSignedOut(response, isPage ? null : JSON.parse(text))) throw new SessionEnded();
  throw isPage ? new ServerAway() : new Error(JSON.parse(text).message);
}
