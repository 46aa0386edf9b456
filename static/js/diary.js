// diary.js — on a phone the week opens at its first day: today, or tomorrow after the last lesson.
const first = document.querySelector("[data-ed-first]");
const narrow = window.matchMedia("(max-width: 767.98px)");

if (first?.previousElementSibling && narrow.matches && !location.hash && performance.getEntriesByType("navigation")[0]?.type !== "back_forward") {
  first.scrollIntoView({ block: "start" });
}
