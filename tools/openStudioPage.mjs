// A Patchbay on a data folder of its own and its studio in a headless Chromium, for benchmarks and screenshots.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { findChromium, howToGetChromium } from "./findChromium.mjs";
import { endPatchbay, firstPicture, servePatchbay } from "./servePatchbay.mjs";

/** Starts both; `close` ends them. `page` is on the studio with the starter's picture made. */
export async function openStudioPage({ viewport = { width: 1440, height: 900 }, deviceScaleFactor = 1, colorScheme = "dark" } = {}) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error(howToGetChromium);
  const data = mkdtempSync(join(tmpdir(), "patchbay-studio-"));
  const { child, url } = await servePatchbay(["--port", "0", "--data", data]);
  await firstPicture(url);
  const browser = await chromium.launch({ executablePath });
  const context = await browser.newContext({ viewport, deviceScaleFactor, colorScheme });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator(".card").first().waitFor();
  return {
    url,
    data,
    browser,
    context,
    page,
    async close() {
      await browser.close();
      await endPatchbay(child, "SIGTERM");
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Opens a graph file in the studio, as dropping it does. */
export async function dropGraph(page, name, text) {
  await page.evaluate(
    ([fileName, content]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], fileName, { type: "application/json" }));
      dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true, clientX: 700, clientY: 500 }));
    },
    [name, text],
  );
  await page.waitForTimeout(500);
}
