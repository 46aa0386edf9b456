// forget.js — signing out, or another user at this device: the kept pages go first.
import { forget, owner, user } from "./device.js";

const WAIT = 3000; // signing out is not held up longer than that

if (owner() && user && owner() !== user) forget();

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-ed-logout]") || event.defaultPrevented || !owner()) return;
  event.preventDefault();
  await Promise.race([forget(), new Promise((done) => setTimeout(done, WAIT))]);
  form.submit();
});
