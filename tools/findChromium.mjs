import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const places = [
  "/usr/lib/chromium/chromium",
  "/snap/bin/chromium",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The program that the end-to-end stories run in: PATCHBAY_CHROMIUM, else a Chromium or Chrome in the usual places; undefined when there is none. */
export function findChromium(environment = process.env) {
  const given = environment.PATCHBAY_CHROMIUM;
  if (given) return isProgram(given) ? given : undefined;
  const onPath = (environment.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...places].find(isProgram);
}

/** What to say to someone who has none. */
export const howToGetChromium =
  "The end-to-end stories need a Chromium: `apt install chromium` on Debian, or set PATCHBAY_CHROMIUM to the program of one that is there.";

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// Run by itself, prints where it is, or how to get one.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = findChromium();
  process.stdout.write(`${found ?? howToGetChromium}\n`);
  process.exitCode = found === undefined ? 1 : 0;
}
