// clipboard.js — Ctrl+C, X, V on the grid through the browser's clipboard events: no permission needed.
import { cellOf } from "./model.js";
import { clearCells, cellCount } from "./commands.js";
import { isEditing } from "./editor.js";
import { pasteText } from "./paste.js";
import { asText, selectedCells } from "./selection.js";
import { sayPolitely } from "./speak.js";

let ours = ""; // what was copied from this grid last: pasted back as it is, without questions

const onGrid = () => !isEditing() && cellOf(document.activeElement) && !document.querySelector("dialog[open]");

function copy(event) {
  if (!onGrid()) return false;
  ours = asText();
  event.clipboardData.setData("text/plain", ours);
  event.preventDefault();
  return true;
}

document.addEventListener("copy", (event) => {
  if (copy(event)) sayPolitely(`Скопировано: ${cellCount(selectedCells().length)}`);
});
document.addEventListener("cut", (event) => {
  if (copy(event)) clearCells();
});
document.addEventListener("paste", (event) => {
  if (!onGrid()) return;
  event.preventDefault();
  const text = event.clipboardData.getData("text/plain");
  pasteText(text, text.replace(/\r\n?/g, "\n") === ours);
});
