// `npm run bench:editor`: main-thread work of a frame while a card is dragged, in a headless Chromium without a GPU.
import { dropGraph, openStudioPage } from "../../tools/openStudioPage.mjs";
import { setUp } from "../../tools/setUp.mjs";
import { manyCards } from "./manyCards.mjs";

const frames = 150;

setUp();
const studio = await openStudioPage();
const { page, context } = studio;
const session = await context.newCDPSession(page);
await session.send("Performance.enable", { timeDomain: "timeTicks" });

/** Milliseconds of tasks on the main thread since the page began. */
async function taskTime() {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
}

const nextFrame = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));

/** Milliseconds of main-thread work of each frame while something moves. */
async function measure(step) {
  const times = [];
  for (let at = 0; at < frames; at++) {
    const before = await taskTime();
    await step(at);
    await nextFrame();
    times.push((await taskTime()) - before);
  }
  times.sort((a, b) => a - b);
  return { median: times[frames >> 1], p95: times[Math.floor(frames * 0.95)] };
}

const rows = [["still", await measure(() => undefined)]];
for (const count of [50, 300, 1000]) {
  await dropGraph(page, `${count}.json`, JSON.stringify(manyCards(count)));
  const readable = async () => {
    await page.keyboard.press("1");
    await page.waitForTimeout(400);
  };
  const title = page.locator('[data-type="KSampler"] .card-title').first();
  await page.keyboard.press("Control+f");
  await page.keyboard.type("KSampler");
  await page.keyboard.press("Enter");
  await page.waitForTimeout(400);
  await readable();
  const box = await title.boundingBox();
  await page.mouse.move(box.x + 30, box.y + 8);
  await page.mouse.down();
  rows.push([
    `${count} cards, drag a card, full size`,
    await measure((at) => page.mouse.move(box.x + 30 + at * 2, box.y + 8 + Math.sin(at / 9) * 60)),
  ]);
  await page.mouse.up();
  await page.keyboard.press("Escape");
  await page.mouse.move(700, 880);
  await page.mouse.down({ button: "middle" });
  rows.push([`${count} cards, pan, full size`, await measure((at) => page.mouse.move(700 - at * 3, 700))]);
  await page.mouse.up({ button: "middle" });
  await page.keyboard.press("f");
  await page.waitForTimeout(400);
  await page.mouse.down({ button: "middle" });
  rows.push([`${count} cards, pan, all in view`, await measure((at) => page.mouse.move(700 - at, 700))]);
  await page.mouse.up({ button: "middle" });
}
process.stdout.write("main-thread ms per frame                     median     p95\n");
for (const [name, { median, p95 }] of rows)
  process.stdout.write(`${name.padEnd(42)} ${median.toFixed(1).padStart(8)} ${p95.toFixed(1).padStart(7)}\n`);
await studio.close();
