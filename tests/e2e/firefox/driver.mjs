// driver.mjs — Firefox over WebDriver BiDi for the Python tests: one JSON line in, one JSON line out.
// Arguments: Firefox's path, the folder with node_modules.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [executablePath, modules] = process.argv.slice(2);
const found = createRequire(`${modules}/`).resolve("puppeteer-core");
const { default: puppeteer } = await import(pathToFileURL(found));
const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath,
  headless: true,
  args: ["--no-remote"],
  extraPrefsFirefox: { "dom.events.testing.asyncClipboard": true }, // scripts of tests fill and read the clipboard
});
const pages = new Map();
const errors = [];

async function open({ id, session, address, viewport }) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport(viewport);
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("dialog", (dialog) => dialog.accept());
  if (session) {
    const { hostname } = new URL(address);
    await context.setCookie({ ...session, domain: hostname, path: "/" });
  }
  pages.set(id, page);
  await page.goto(address);
}

// "Control+Shift+z": every key but the last is held.
async function press({ id, keys }) {
  const { keyboard } = pages.get(id);
  for (const chord of keys) {
    const parts = chord === "+" ? ["+"] : chord.split("+");
    const name = parts.pop();
    const last = name === "Space" ? " " : name;
    for (const held of parts) await keyboard.down(held);
    await keyboard.press(last);
    for (const held of parts.reverse()) await keyboard.up(held);
  }
}

// "down", "up" and "move" of the mouse, in order; what is held stays held meanwhile.
async function mouse({ id, acts, held = [] }) {
  const page = pages.get(id);
  for (const key of held) await page.keyboard.down(key);
  for (const [act, ...given] of acts) await page.mouse[act](...given);
  for (const key of held) await page.keyboard.up(key);
}

const METHODS = {
  open,
  press,
  mouse,
  goto: ({ id, address }) => pages.get(id).goto(address),
  reload: ({ id }) => pages.get(id).reload(),
  evaluate: ({ id, script, value }) => pages.get(id).evaluate(`(${script})(${JSON.stringify(value ?? null)})`),
  offline: ({ id, on }) => pages.get(id).setOfflineMode(on),
  picture: ({ id, path }) => pages.get(id).screenshot({ path }),
  close: async ({ id }) => { await pages.get(id).browserContext().close(); pages.delete(id); },
  errors: () => errors.splice(0),
  version: () => browser.version(),
};

function answer(told) {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { method, ...given } = JSON.parse(line);
  try {
    answer({ value: (await METHODS[method](given)) ?? null });
  } catch (error) {
    answer({ error: String(error) });
  }
}
await browser.close();
