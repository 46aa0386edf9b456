// words.js — a cell's value as it is read aloud.
const WORDS = { н: "не был", б: "болел", у: "уважительная причина", о: "опоздал", "•": "отметка ещё должна быть" };

// A value as it is read aloud.
export function inWords(value) {
  if (value in WORDS) return `${value}, ${WORDS[value]}`;
  return value.replace(/→/g, ", пересдано на ").replace("•", WORDS["•"]) || "нет записи";
}
