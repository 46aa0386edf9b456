// worker_bring.js — the second half of worker.js: what a kept page brings with it, and keeping pages on request.
// What a page needs to look and work as it does: its styles, scripts and what they bring, letters and pictures.
const BRINGS = [/(?:href|src)="(\/static\/[^"#]+)/g, /(?:from|import)\s*\(?["']([^"']+)["']/g, /url\(["']?([^"')#]+)/g];

async function fetchAll(address, seen) {
  const path = new URL(address, self.location.origin).href.split("#")[0];
  if (seen.has(path)) return;
  seen.add(path);
  const response = await asset(new Request(path));
  if (!response.ok || !/\.(?:js|css)$/.test(new URL(path).pathname)) return;
  await bring(await response.text(), path, seen);
}

async function bring(text, base, seen) {
  const found = BRINGS.flatMap((each) => [...text.matchAll(each)].map((match) => new URL(match[1], base)));
  const ours = found.filter((url) => url.origin === self.location.origin && url.pathname.startsWith("/static/"));
  await Promise.all(ours.map((url) => fetchAll(url.href, seen)));
}

// Pages beside those that are kept already.
async function add(paths) {
  const seen = new Set();
  for (const path of paths) {
    const response = await fetch(path, { credentials: "same-origin" });
    if (!response.ok || response.redirected) continue;
    await keep(path, response);
    await bring(await response.text(), new URL(path, self.location.origin).href, seen);
  }
}

// The pages of the day, kept anew; those of other days are thrown away.
async function keepDay(paths) {
  const user = await owner();
  await add(paths);
  const store = await caches.open(`${OWNER}:${user}`);
  const old = (await store.keys()).filter((request) => !paths.includes(new URL(request.url).pathname));
  await Promise.all(old.map((request) => store.delete(request)));
}

self.addEventListener("message", (event) => {
  if (event.data?.add) event.waitUntil(add(event.data.add));
  if (!event.data?.keep) return;
  const done = keepDay(event.data.keep).then(() => true, () => false);
  event.waitUntil(done.then((isKept) => event.source?.postMessage({ kept: isKept })));
});
