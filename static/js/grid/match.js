// match.js — a pasted list with surnames: pairs of line and pupil, shown before anything is written.
import { cellAt, pupils } from "./model.js";
import { ask } from "./ask.js";
import { read } from "./values.js";
import { settings } from "./model.js";

const plain = (text) => text.toLowerCase().replace(/ё/g, "е").replace(/^\d+[.)]?\s*/, "").replace(/[.,]/g, " ").replace(/\s+/g, " ").trim();

export function looksLikeNames(rows) {
  const words = rows.filter(([first]) => /[а-яё]{3,}/i.test(first) && read(first, settings.allowed) === null);
  return words.length > rows.length / 2;
}

// Surname first; the given name or its initial decides between namesakes. One pupil, or null.
function pupilOf(text) {
  const [surname, given = ""] = plain(text).split(" ");
  const same = pupils.map((pupil, row) => ({ row, words: plain(pupil.name).split(" ") })).filter(({ words }) => words[0] === surname);
  const exact = same.filter(({ words }) => given && (words[1] || "").startsWith(given));
  const found = exact.length ? exact : same;
  return found.length === 1 ? found[0].row : null;
}

function pairsTable(pairs) {
  const list = document.createElement("ul");
  list.className = "dialog-items";
  pairs.forEach(({ name, row, raw }) => {
    const line = document.createElement("li");
    const whom = row === null ? "не найден: не будет записано" : pupils[row].name;
    line.textContent = `${name} → ${whom}${row === null ? "" : `: ${raw || "пусто"}`}`;
    if (row === null) line.className = "is-bad";
    list.append(line);
  });
  return list;
}

// The value is the last field of the line that is not empty.
const valueOfLine = (fields) => fields.slice(1).filter((field) => field !== "").pop() || "";

export async function matchNames(rows, column) {
  const taken = new Set();
  const pairs = rows.map((fields) => {
    const row = pupilOf(fields[0]);
    const twice = row !== null && taken.has(row);
    if (row !== null) taken.add(row);
    return { name: fields[0], row: twice ? null : row, raw: valueOfLine(fields) };
  });
  const found = pairs.filter((pair) => pair.row !== null && pair.raw !== "");
  const sure = await ask({
    title: `Найдено по фамилиям: ${found.length} из ${pairs.length}`,
    extra: pairsTable(pairs),
    buttons: [{ text: "Вставить", value: true, main: true }, { text: "Не вставлять", value: null }],
  });
  if (!sure) return null;
  return {
    changes: found.map(({ row, raw }) => ({ cell: cellAt(row, column), raw })),
    outside: [],
    unknown: pairs.filter((pair) => pair.row === null).map((pair) => pair.name),
  };
}
