// diary.js — «Это мой телефон»: the pages of the diary stay readable without network. Nothing is asked of the reader.
import "./banner.js";
import { canKeep, isOn, switchOn } from "./device.js";

async function keep() {
  const isFirst = !navigator.serviceWorker.controller;
  const worker = await switchOn();
  // The page that brought the worker did not go through it.
  if (isFirst) worker.active.postMessage({ add: ["/diary/not-kept/", location.pathname] });
}

if (canKeep() && !document.body.dataset.edKept && (!isOn() || !navigator.serviceWorker.controller)) {
  if (document.readyState === "complete") keep();
  else addEventListener("load", keep, { once: true });
}
