// letters.js — what a key means in the Russian layout, whatever layout is on.

// Physical keys of the Russian layout: «н» is typed by the same key whatever the layout is.
const ROWS = {
  KeyQ: "й", KeyW: "ц", KeyE: "у", KeyR: "к", KeyT: "е", KeyY: "н", KeyU: "г", KeyI: "ш", KeyO: "щ", KeyP: "з",
  KeyA: "ф", KeyS: "ы", KeyD: "в", KeyF: "а", KeyG: "п", KeyH: "р", KeyJ: "о", KeyK: "л", KeyL: "д",
  KeyZ: "я", KeyX: "ч", KeyC: "с", KeyV: "м", KeyB: "и", KeyN: "т", KeyM: "ь", Comma: "б", Period: "ю",
};

// The character that a key means in the grid, or "" for keys that are not text.
export function letterOf(event) {
  const { key, code, shiftKey } = event;
  if (key.length !== 1) return "";
  if (/[а-яё]/i.test(key) && !(shiftKey && code === "Period")) return key.toLowerCase();
  if (/[0-9/ ]/.test(key)) return key;
  if (key === ">" || (shiftKey && code === "Period")) return ">"; // a retake; «Ю» is of no use here
  if (key === "." && code !== "Slash") return "."; // a mark still owed
  if (code in ROWS) return ROWS[code];
  if (key === "\\" || (code === "Slash" && key === ".")) return "/";
  return key;
}
