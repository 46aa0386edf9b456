// values.js — what may stand in a cell: typed in any layout, pasted, or said in words.
import { settings } from "./model.js";

const SPELLINGS = {
  зачет: "зач", зачтено: "зач", незачет: "нзч", незач: "нзч", "не зачтено": "нзч",
  освобожден: "осв", освобождена: "осв", "н.а.": "н/а", на: "н/а",
  отсутствовал: "н", отсутствовала: "н", болел: "б", болела: "б", опоздал: "о", опоздала: "о",
};
const LATIN = { o: "о", h: "н", y: "у" };
const WHOLE = new Set(["зач", "нзч", "осв", "н/а"]);

export function normalize(raw) {
  let text = String(raw).replace(/[\u00a0\s]+/g, " ").trim().toLowerCase();
  text = text.replace(/ё/g, "е").replace(/\\/g, "/").replace(/^«(.*)»$/, "$1");
  text = text.replace(/^(\d+)[.,]0+$/, "$1");
  if (text in LATIN) return LATIN[text];
  if (text in SPELLINGS) return SPELLINGS[text];
  return text.replace(/\s*\/\s*/g, "/").replace(/^([нбуо])\s*(?=\d)/, "$1 ");
}

// {letter, marks} of a value that is not a whole word, or null.
export function parts(value) {
  const found = /^([нбуо])?(?: ?(\d+(?:\/\d+)*|зач|нзч|осв))?$/.exec(value);
  if (!found || value === "") return null;
  return { letter: found[1] || "", marks: found[2] ? found[2].split("/") : [] };
}

// The value as it is stored, or null if there is no such mark here.
export function read(raw, allowed) {
  const value = normalize(raw);
  if (value === "") return "";
  if (WHOLE.has(value)) return allowed.includes(value) ? value : null;
  const found = parts(value);
  if (!found || found.marks.length > settings.marks) return null;
  const pieces = found.letter ? [found.letter, ...found.marks] : found.marks;
  if (!pieces.every((piece) => allowed.includes(piece))) return null;
  return [found.letter, found.marks.join("/")].filter(Boolean).join(" ");
}

// Why `read` refused the text, in words that end a sentence.
export function whyNot(raw) {
  const found = parts(normalize(raw));
  if (!found || found.marks.length <= settings.marks) return "нет такой отметки";
  return settings.marks === 1 ? "здесь в клетке одна отметка" : `отметок в клетке не больше ${settings.marks}`;
}

// A digit typed over «о» stays beside it: late, and marked.
export function typedOver(old, typed) {
  const found = parts(old);
  const late = found && found.letter === "о" && found.marks.length === 0;
  return late && /^\d+$/.test(typed) ? `${old} ${typed}` : typed;
}

export function second(old, digit) {
  const found = parts(old);
  return found && found.marks.length ? `${old}/${digit}` : typedOver(old, digit);
}

// True if the character alone is a value here and begins no longer mark (10 in a ten-point scale).
export function writesAtOnce(typed, allowed) {
  return allowed.includes(typed) && !allowed.some((one) => /^\d/.test(one) && one !== typed && one.startsWith(typed));
}
