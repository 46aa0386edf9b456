// session.js — the session ended: sign in in another tab, nothing on this page is lost.
// Other modules announce it with document.dispatchEvent(new Event("ed:session-ended"))
// and go on after "ed:session-back".
// Who signed in last, as far as this tab knows.
let present = document.body.dataset.edUser ?? "";
const CHANNEL = "BroadcastChannel" in window ? new BroadcastChannel("ed-session") : null;
let dialog = null;

function build() {
  const login = document.querySelector("meta[name=ed-login]")?.content ?? "/";
  const box = document.createElement("dialog");
  box.className = "dialog";
  box.id = "session-ended";
  box.setAttribute("aria-labelledby", "session-ended-title");
  box.innerHTML = `
    <div class="dialog-body">
      <h2 id="session-ended-title">Сеанс закончился</h2>
      <p>Войдите снова — записи не пропадут. Вход откроется в новой вкладке, потом вернитесь сюда.</p>
    </div>
    <div class="dialog-foot">
      <button class="btn" type="button" value="later">Позже</button>
      <a class="btn btn-primary" target="_blank" rel="opener">Войти</a>
    </div>`;
  box.querySelector("a").href = `${login}?next=${encodeURIComponent(location.pathname + location.search)}`;
  box.querySelector("button").addEventListener("click", () => box.close());
  document.body.append(box);
  return box;
}

export function sessionEnded() {
  dialog ??= build();
  if (!dialog.open) dialog.showModal();
}

function sessionBack() {
  dialog?.close();
  document.dispatchEvent(new Event("ed:session-back"));
}

document.addEventListener("ed:session-ended", sessionEnded);
CHANNEL?.addEventListener("message", (event) => {
  present = event.data.user;
  if (dialog?.open) sessionBack();
});
// Every page of a signed-in user tells the waiting tabs that there is a session again.
if (document.body.dataset.edUser) CHANNEL?.postMessage({ user: document.body.dataset.edUser });

// A form that stood here while the same person signed in anew carries the token of that sign-in.
// Somebody else's form keeps its own: the server refuses it and says who is signed in now.
document.addEventListener("submit", (event) => {
  const owner = document.body.dataset.edUser;
  if (owner && owner !== present) return;
  const token = event.target.elements?.csrfmiddlewaretoken;
  const fresh = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
  if (token && fresh) token.value = fresh[1];
});
