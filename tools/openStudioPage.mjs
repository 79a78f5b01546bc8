// A Patchbay on a data folder of its own and its studio in a headless Chromium, for benchmarks and screenshots.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { findChromium, howToGetChromium } from "./findChromium.mjs";
import { root } from "./setUp.mjs";

/** Starts both; `close` ends them. `page` is on the studio with the starter's picture made. */
export async function openStudioPage({ viewport = { width: 1440, height: 900 }, deviceScaleFactor = 1, colorScheme = "dark" } = {}) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error(howToGetChromium);
  const data = mkdtempSync(join(tmpdir(), "patchbay-studio-"));
  const server = spawn(process.execPath, [join("apps", "cli", "bin", "patchbay.js"), "start", "--port", "0", "--data", data, "--no-open"], {
    cwd: root,
  });
  const url = await new Promise((found, failed) => {
    let output = "";
    const listen = (chunk) => {
      output += chunk;
      const match = /http:\/\/\S+/.exec(output);
      if (match) found(match[0]);
    };
    server.stdout.on("data", listen);
    server.stderr.on("data", listen);
    server.once("exit", (code) => failed(new Error(`patchbay start ended with ${code}: ${output}`)));
  });
  const token = new URL(url).searchParams.get("token");
  const ask = async (path) => (await fetch(new URL(path, url), { headers: { authorization: `Bearer ${token}` } })).json();
  while ((await ask("/studio/welcome")).job?.state !== "done") await new Promise((done) => setTimeout(done, 100));
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
      const ended = new Promise((done) => server.once("exit", done));
      server.kill("SIGTERM");
      await ended;
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
