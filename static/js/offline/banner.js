// banner.js — a page shown from this device's copy says so, with the hour of the copy.
const { edKept: kept } = document.body.dataset;

if (kept) {
  const at = new Date(kept);
  const clock = at.toLocaleTimeString("ru-RU", { hour: "2-digit", minute: "2-digit" });
  const isToday = at.toDateString() === new Date().toDateString();
  const day = isToday ? "" : ` ${at.toLocaleDateString("ru-RU", { day: "numeric", month: "long" })}`;
  const alert = document.createElement("div");
  alert.className = "alert";
  alert.dataset.tone = "warn";
  alert.setAttribute("role", "status");
  alert.textContent = `Нет связи. Показано на ${clock}${day}`;
  document.getElementById("messages").append(alert);
}
