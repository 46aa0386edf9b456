// forget.js — signing out, another user at this device, or a family's session that ended: the kept pages go.
import { DIARY, forget, owner, user } from "./device.js";

const WAIT = 3000; // signing out is not held up longer than that

async function sessionOfFamilyEnded() {
  const found = await navigator.serviceWorker?.getRegistration(DIARY);
  if (found) forget();
}

if (owner() && user && owner() !== user) forget();
// The server asks for the password: a teacher's unsent day stays for her, a diary does not.
if (owner() && !user && document.querySelector("meta[name=ed-login]")?.content === location.pathname) sessionOfFamilyEnded();

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-ed-logout]") || event.defaultPrevented || !owner()) return;
  event.preventDefault();
  await Promise.race([forget(), new Promise((done) => setTimeout(done, WAIT))]);
  form.submit();
});
