// worker.js — a teacher's today and a family's diary without network: the network first, else the last visit's copy.
// Served with worker_bring.js at /journal/sw.js and /diary/sw.js. Copies belong to one user and are looked for in her cache alone.
const OWNER = "ed-offline"; // the cache that says whose device it is
const ASSETS = "ed-offline-static";
const [LIMIT, MOST] = [5000, 40]; // milliseconds to wait for an answer; pages of a diary
const DIARY = "/diary/";
const IS_DIARY = new URL(self.registration.scope).pathname === DIARY;
const ID = "[0-9a-f-]{36}";
const PAGE = new RegExp(IS_DIARY ? `^/diary/(?:not-kept/|${ID}/.*)?$` : `^/journal/(?:${ID}/lessons/${ID}/)?$`);
const KEPT = IS_DIARY ? new RegExp(`^/diary/${ID}/(?:week/[^/]+|tasks|marks|absences|finals|school)/$`) : PAGE;
const WEEK = new RegExp(`^/diary/(${ID})/week/`);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function owner() {
  return (await caches.match("/owner", { cacheName: OWNER }))?.text() ?? ""; // makes no cache anew
}

async function timely(request) {
  if (!self.navigator.onLine) throw new TypeError("no network");
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), LIMIT);
  try {
    return await fetch(request, { signal: stop.signal });
  } finally {
    clearTimeout(clock);
  }
}

// A page is kept under its path for the user whom it was made for.
async function keep(path, response) {
  const html = await response.clone().text();
  const [, user] = /data-ed-user="([^"]+)"/.exec(html) ?? [];
  if (!user || user !== (await owner())) return;
  const headers = new Headers(response.headers);
  headers.set("X-Kept-At", new Date(headers.get("Date") ?? Date.now()).toISOString());
  headers.delete("Content-Encoding"); // the text is unpacked by now
  headers.delete("Content-Length");
  const copy = new Response(html, { status: 200, headers });
  const store = await caches.open(`${OWNER}:${user}`);
  await store.delete(path); // so that the oldest stand first
  await store.put(path, copy);
  if (IS_DIARY) await letGo(store);
}

async function letGo(store) {
  const kept = (await store.keys()).filter((request) => KEPT.test(new URL(request.url).pathname));
  await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST)).map((request) => store.delete(request)));
}

// Without network the diary opens at the week that was seen last, of the child that is asked for.
async function nearest(path) {
  const user = await owner();
  if (!user) return null;
  const kept = await (await caches.open(`${OWNER}:${user}`)).keys();
  const weeks = kept.map((request) => new URL(request.url).pathname).filter((each) => WEEK.test(each)).reverse();
  const found = new RegExp(`^/diary/(?:${ID}/)?$`).test(path) && weeks.find((each) => each.startsWith(path));
  return found ? copyOf(found) : copyOf("/diary/not-kept/");
}

async function keptOf(path) {
  const user = await owner();
  return user ? caches.match(path, { cacheName: `${OWNER}:${user}` }) : undefined;
}

async function drop(path) {
  const user = await owner();
  if (user) await (await caches.open(`${OWNER}:${user}`)).delete(path);
}

async function copyOf(path) {
  const kept = await keptOf(path);
  if (!kept) return null;
  const html = await kept.text();
  const marked = html.replace("<body", `<body data-ed-kept="${kept.headers.get("X-Kept-At")}"`);
  return new Response(marked, { status: 200, headers: kept.headers });
}

// A page that is kept is asked about by its tag: 304 says that the copy is still true.
async function asked(request, pathname, isOfToday) {
  const kept = isOfToday ? await keptOf(pathname) : undefined;
  const tag = kept?.headers.get("ETag");
  if (!tag) return timely(request);
  const headers = { Accept: "text/html", "If-None-Match": tag };
  const response = await timely(new Request(request.url, { headers, credentials: "same-origin", redirect: "manual" }));
  return response.status === 304 ? kept : response;
}

async function page(request) {
  const { pathname, search, searchParams } = new URL(request.url);
  const isOfToday = KEPT.test(pathname) && !(IS_DIARY ? search : searchParams.has("day"));
  try {
    const response = await asked(request, pathname, isOfToday);
    const isOurs = response.ok && !response.redirected && response.type === "basic";
    if (isOurs && isOfToday) await keep(pathname, response).catch(() => {});
    if ([403, 404].includes(response.status)) await drop(pathname); // no longer hers to read
    return response;
  } catch (error) {
    const copy = (isOfToday && (await copyOf(pathname))) || (IS_DIARY && (await nearest(pathname)));
    if (copy) return copy;
    throw error;
  }
}

async function asset(request) {
  const kept = await caches.match(request.url, { cacheName: ASSETS });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok && (await owner())) await (await caches.open(ASSETS)).put(request.url, response.clone());
  return response;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && PAGE.test(pathname)) event.respondWith(page(request));
  else if (pathname.startsWith("/static/")) event.respondWith(asset(request));
});
