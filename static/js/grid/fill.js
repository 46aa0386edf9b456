// fill.js — bulk actions on a column: the count first, then one step of undo; filled cells stay as they are.
import { cellAt, closedReason, lessons, pupils, titleOf, valueOf } from "./model.js";
import { ask } from "./ask.js";
import { tellReport } from "./commands.js";
import { plural } from "./speak.js";
import { parts } from "./values.js";
import { writeAll } from "./write.js";

const ABSENT = new Set(["н", "б", "у"]);
const columnCells = (column) => pupils.map((_, row) => cellAt(row, column));

function chooser(allowed) {
  const box = document.createElement("div");
  const label = document.createElement("label");
  const select = document.createElement("select");
  allowed.forEach((one) => select.add(new Option(one, one)));
  label.append("Значение ", select);
  const over = document.createElement("label");
  const check = document.createElement("input");
  check.type = "checkbox";
  over.className = "check";
  over.append(check, "Заменить и занятые клетки");
  box.append(label, over);
  return { box, select, check };
}

const isAway = (cell) => ABSENT.has(parts(valueOf(cell))?.letter);
const pupilsTo = (count) => `${count} ${plural(count, "ученику", "ученикам", "ученикам")}`;

// What happens to filled cells, in words: they stay, or they are the ones that change.
function aboutTaken(taken, isReplaced) {
  if (!taken) return [];
  if (isReplaced) return [`${taken} ${plural(taken, "запись изменится", "записи изменятся", "записей изменятся")}.`];
  return [`${taken} ${plural(taken, "клетка занята и не изменится", "клетки заняты и не изменятся", "клеток заняты и не изменятся")}.`];
}

export async function fillEmpty(column) {
  const { box, select, check } = chooser(lessons[column].allowed);
  const buttons = [{ text: "Далее", value: true, main: true }, { text: "Отмена", value: false }];
  const lines = [`Урок: ${lessons[column].name}. Пишется присутствующим: отсутствовавших это не касается.`];
  if (!(await ask({ title: "Заполнить пустые", lines, extra: box, buttons }))) return;
  const open = columnCells(column).filter((cell) => !closedReason(cell));
  const free = open.filter((cell) => valueOf(cell) === "");
  const taken = open.filter((cell) => valueOf(cell) !== "" && !(check.checked && isAway(cell)));
  const cells = check.checked ? [...free, ...taken] : free;
  const sure = [{ text: "Записать", value: true, main: true }, { text: "Отмена", value: false }];
  const title = `Записать «${select.value}» ${pupilsTo(cells.length)}?`;
  if (!(await ask({ title, lines: aboutTaken(taken.length, check.checked), buttons: sure }))) return;
  tellReport(writeAll(cells.map((cell) => ({ cell, raw: select.value }))), "Заполнено");
}

// «Все присутствуют»: takes the letters of absence away; marks and lateness stay.
export async function clearLetters(column) {
  const cells = columnCells(column).filter((cell) => isAway(cell) && !closedReason(cell));
  const buttons = [{ text: "Стереть пропуски", value: true, main: true }, { text: "Отмена", value: false }];
  const lines = cells.map((cell) => `${titleOf(cell)}: ${valueOf(cell)}`);
  if (!cells.length) {
    await ask({ title: "Все присутствуют", lines: ["На этом уроке пропусков нет."], buttons: [{ text: "Закрыть", value: null }] });
  } else if (await ask({ title: `Стереть пропуски: ${cells.length}?`, lines, buttons })) {
    const changes = cells.map((cell) => ({ cell, raw: parts(valueOf(cell)).marks.join("/") }));
    tellReport(writeAll(changes), "Стёрто пропусков");
  }
}
