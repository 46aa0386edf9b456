// speak.js — the two live regions: polite for counts, assertive for refusals.
const region = (name) => document.querySelector(`[data-ed-${name}]`);

function say(name, text) {
  const place = region(name);
  place.textContent = "";
  setTimeout(() => { place.textContent = text; }, 30);
}

export const sayPolitely = (text) => say("polite", text);
export const sayAtOnce = (text) => say("assertive", text);

// plural(5, "клетка", "клетки", "клеток")
export function plural(count, one, few, many) {
  const tens = count % 100;
  const ones = count % 10;
  if (ones === 1 && tens !== 11) return one;
  return ones >= 2 && ones <= 4 && (tens < 12 || tens > 14) ? few : many;
}
