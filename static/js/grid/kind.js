// kind.js — «Изменить тип работы»: chosen in a dialog; weights change with it, so the page is read anew.
import { ask as question } from "./ask.js";
import { sayAtOnce } from "./speak.js";
import { showText } from "./statusbar.js";
import { ask, fragment, SessionEnded } from "./wire.js";

const urlOf = (lesson) => `${lesson.head.querySelector("a").href}kind`;

function chooser(kinds) {
  const label = document.createElement("label");
  const select = document.createElement("select");
  kinds.forEach(({ value, label: name, chosen }) => select.add(new Option(name, value, chosen, chosen)));
  label.append("Тип работы ", select);
  return { label, select };
}

function failed(error) {
  if (error instanceof SessionEnded) return document.dispatchEvent(new Event("ed:session-ended"));
  const words = error.message || "Сервер не отвечает. Попробуйте ещё раз";
  showText(words, "bad");
  return sayAtOnce(words);
}

export async function changeKind(lesson) {
  try {
    const { kinds } = await ask(urlOf(lesson));
    const { label, select } = chooser(kinds);
    const buttons = [{ text: "Записать", value: true, main: true }, { text: "Отмена", value: false }];
    const lines = [`Урок: ${lesson.name}. Отметки останутся, средние посчитаются с новым весом.`];
    const before = select.value;
    if (!(await question({ title: "Тип работы", lines, extra: label, buttons })) || select.value === before) return;
    const body = new FormData();
    body.set("kind", select.value);
    body.set("before", before);
    await fragment(urlOf(lesson), { method: "POST", body });
    location.reload();
  } catch (error) {
    failed(error);
  }
}
