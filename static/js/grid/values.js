// values.js — the grammar of a cell, as journal/grading.py has it: what was typed or pasted, read or said in words.
import { settings } from "./model.js";

const DOT = "•"; // a mark still owed
const SPELLINGS = {
  зачет: "зач", зачтено: "зач", незачет: "нзч", незач: "нзч", "не зачтено": "нзч",
  освобожден: "осв", освобождена: "осв", "н.а.": "н/а", на: "н/а",
  отсутствовал: "н", отсутствовала: "н", болел: "б", болела: "б", опоздал: "о", опоздала: "о",
  точка: DOT, долг: DOT, "·": DOT, "●": DOT,
};
const LATIN = { o: "о", h: "н", y: "у" };
const WHOLE = new Set(["зач", "нзч", "осв", "н/а"]);

export function normalize(raw) {
  let text = String(raw).replace(/[\u00a0\s]+/g, " ").trim().toLowerCase();
  text = text.replace(/ё/g, "е").replace(/\\/g, "/").replace(/^«(.*)»$/, "$1");
  text = text.replace(/(\d+)[.,]0+/g, "$1").replace(/\s*(?:→|[-—–=]?>)\s*/g, "→").replace(/\s*\/\s*/g, "/");
  text = text.replace(/(^|[\s/→нбуо])\.(?=$|[\s/→])/g, `$1${DOT}`);
  if (text in LATIN) return LATIN[text];
  if (text in SPELLINGS) return SPELLINGS[text];
  return text.replace(/^([нбуо])\s*(?=[\d•])/, "$1 ");
}

// {letter, marks, works} of a value that is not a whole word, or null. A retaken work is one work: «2→4».
export function parts(value) {
  if (value === "" || WHOLE.has(value)) return value ? { letter: "", marks: [value], works: 1 } : null;
  const [, letter = "", rest] = /^(?:([нбуо])(?: |$))?(.*)$/.exec(value);
  const marks = rest ? rest.split(/[/→]/) : [];
  if (marks.some((mark) => mark === "" || mark.includes(" ")) || rest.includes(`${DOT}→`)) return null;
  return { letter, marks, works: rest ? rest.split("/").length : 0 };
}

// The value as it is stored, or null if there is no such mark here.
export function read(raw, allowed) {
  const value = normalize(raw);
  if (value === "") return "";
  if (WHOLE.has(value)) return allowed.includes(value) ? value : null;
  const found = parts(value);
  if (!found || found.works > settings.marks) return null;
  const pieces = found.letter ? [found.letter, ...found.marks] : found.marks;
  return pieces.every((piece) => allowed.includes(piece)) ? value : null;
}

// Why `read` refused the text, in words that end a sentence.
export function whyNot(raw) {
  const value = normalize(raw);
  if (value.includes(`${DOT}→`)) return "вместо точки ставят отметку, пересдачи нет";
  const found = parts(value);
  if (!found || found.works <= settings.marks) return "нет такой отметки";
  return settings.marks === 1 ? "здесь в клетке одна отметка" : `отметок в клетке не больше ${settings.marks}`;
}

// A digit typed over «о» stays beside it: late, and marked.
export function typedOver(old, typed) {
  const found = parts(old);
  const late = found && found.letter === "о" && found.marks.length === 0;
  return late && /^[\d•]+$/.test(typed) ? `${old} ${typed}` : typed;
}

// The mark after «/» (a second one) or after «→» (the retake of the one that stands there).
export function second(old, digit, sign = "/") {
  return hasMarks(old) ? `${old}${sign}${digit}` : typedOver(old, digit);
}

export const hasMarks = (value) => Boolean(parts(value)?.marks.length);

// True if the character alone is a value here and begins no longer mark (10 in a ten-point scale).
export function writesAtOnce(typed, allowed) {
  return allowed.includes(typed) && !allowed.some((one) => /^\d/.test(one) && one !== typed && one.startsWith(typed));
}
