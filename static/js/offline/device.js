// device.js — whether this device keeps pages, a teacher's day or a family's diary; forgetting them at sign-out.
const OWNER = "ed-offline";
const FLAG = "ed:offline:owner";
export const DIARY = "/diary/";
const SCOPE = location.pathname.startsWith(DIARY) ? DIARY : "/journal/";
export const user = document.body.dataset.edUser ?? "";

export const canKeep = () => "serviceWorker" in navigator && "caches" in window && Boolean(user);

function flag(work) {
  try {
    return work(localStorage);
  } catch {
    return null; // a private window keeps nothing
  }
}

export const owner = () => flag((store) => store.getItem(FLAG)) ?? "";
export const isOn = () => Boolean(user) && owner() === user;

export async function switchOn() {
  const store = await caches.open(OWNER);
  await store.put("/owner", new Response(user));
  flag((place) => place.setItem(FLAG, user));
  await navigator.serviceWorker.register(`${SCOPE}sw.js`, { scope: SCOPE });
  return navigator.serviceWorker.ready;
}

export async function forget() {
  flag((store) => store.removeItem(FLAG));
  const names = (await caches.keys()).filter((name) => name.startsWith(OWNER));
  await Promise.all(names.map((name) => caches.delete(name)));
  const workers = await navigator.serviceWorker.getRegistrations();
  await Promise.all(workers.map((worker) => worker.unregister()));
}
