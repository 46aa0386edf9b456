// Reads a calendar with ical.js: {uid: start}, moments in UTC.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";

const folder = path.resolve(process.argv[2]);
const imported = await import(createRequire(path.join(folder, "package.json")).resolve("ical.js"));
const ICAL = imported.default;
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf-8")));
const found = {};
for (const part of calendar.getAllSubcomponents("vevent")) {
  const event = new ICAL.Event(part);
  const start = event.startDate;
  found[event.uid] = start.isDate
    ? start.toString()
    : start.toJSDate().toISOString().replace(".000Z", "+00:00");
}
process.stdout.write(JSON.stringify(found));
