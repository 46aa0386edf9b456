// fill.js — bulk actions on a column: the count first, then one step of undo; filled cells stay as they are.
import { cellAt, closedReason, lessons, pupils, titleOf, valueOf } from "./model.js";
import { ask } from "./ask.js";
import { tellReport } from "./commands.js";
import { plural } from "./speak.js";
import { parts } from "./values.js";
import { writeAll } from "./write.js";

const columnCells = (column) => pupils.map((_, row) => cellAt(row, column));

function chooser(allowed) {
  const label = document.createElement("label");
  const select = document.createElement("select");
  allowed.forEach((one) => select.add(new Option(one, one)));
  label.append("Значение ", select);
  return { label, select };
}

export async function fillEmpty(column) {
  const { label, select } = chooser(lessons[column].allowed);
  const buttons = [{ text: "Далее", value: true, main: true }, { text: "Отмена", value: false }];
  const lines = [`Урок: ${lessons[column].name}. Пишется только в пустые клетки: у отсутствовавших уже стоит «н».`];
  if (!(await ask({ title: "Заполнить пустые", lines, extra: label, buttons }))) return;
  const open = columnCells(column).filter((cell) => !closedReason(cell));
  const free = open.filter((cell) => valueOf(cell) === "");
  const taken = open.length - free.length;
  const whom = `${free.length} ${plural(free.length, "ученику", "ученикам", "ученикам")}`;
  const rest = taken ? ` ${taken} ${plural(taken, "клетка занята и не изменится", "клетки заняты и не изменятся", "клеток заняты и не изменятся")}.` : "";
  const sure = [{ text: "Записать", value: true, main: true }, { text: "Отмена", value: false }];
  if (!(await ask({ title: `Записать «${select.value}» ${whom}?`, lines: rest ? [rest] : [], buttons: sure }))) return;
  tellReport(writeAll(free.map((cell) => ({ cell, raw: select.value }))), "Заполнено");
}

const ABSENT = new Set(["н", "б", "у"]);

// «Все присутствуют»: takes the letters of absence away; marks and lateness stay.
export async function clearLetters(column) {
  const cells = columnCells(column).filter((cell) => ABSENT.has(parts(valueOf(cell))?.letter) && !closedReason(cell));
  const buttons = [{ text: "Стереть пропуски", value: true, main: true }, { text: "Отмена", value: false }];
  const lines = cells.map((cell) => `${titleOf(cell)}: ${valueOf(cell)}`);
  if (!cells.length) {
    await ask({ title: "Все присутствуют", lines: ["На этом уроке пропусков нет."], buttons: [{ text: "Закрыть", value: null }] });
  } else if (await ask({ title: `Стереть пропуски: ${cells.length}?`, lines, buttons })) {
    const changes = cells.map((cell) => ({ cell, raw: parts(valueOf(cell)).marks.join("/") }));
    tellReport(writeAll(changes), "Стёрто пропусков");
  }
}
