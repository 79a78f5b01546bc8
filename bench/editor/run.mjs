// `npm run bench:editor`: main-thread work of a frame while a card is dragged, in a headless Chromium without a GPU.
import { dropGraph, openStudioPage } from "../../tools/openStudioPage.mjs";
import { setUp } from "../../tools/setUp.mjs";
import { manyCards } from "./manyCards.mjs";

const moves = 180;

setUp();
const studio = await openStudioPage();
const { page, context } = studio;
const session = await context.newCDPSession(page);
await page.mouse.move(720, 450);

/** Milliseconds of tasks on the main thread in each frame, while something moves: tasks are told apart by the frame that they follow. */
async function measure(step) {
  const events = [];
  const collect = ({ value }) => events.push(...value);
  session.on("Tracing.dataCollected", collect);
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["cc", "disabled-by-default-devtools.timeline"] },
  });
  for (let at = 0; at < moves; at++) {
    await step(at);
    await new Promise((done) => setTimeout(done, 8));
  }
  const complete = new Promise((done) => session.once("Tracing.tracingComplete", done));
  await session.send("Tracing.end");
  await complete;
  session.off("Tracing.dataCollected", collect);
  return perFrame(events);
}

function perFrame(events) {
  const frames = events.filter(({ name, ph }) => name === "ProxyMain::BeginMainFrame" && ph === "X");
  const [first] = frames;
  if (!first) return { frames: 0, median: 0, p95: 0 };
  const starts = frames
    .filter(({ pid, tid }) => pid === first.pid && tid === first.tid)
    .map(({ ts }) => ts)
    .sort((a, b) => a - b);
  const work = new Array(starts.length).fill(0);
  for (const { name, ph, pid, tid, ts, dur, tdur } of events) {
    if (name !== "RunTask" || ph !== "X" || pid !== first.pid || tid !== first.tid) continue;
    // A frame's work ends where the next frame's begins; the task that begins a frame starts a little before it.
    const at = starts.findLastIndex((start) => start <= ts + dur);
    // The thread's own time: on a shared machine the clock also counts what others do.
    if (at >= 0) work[at] += (tdur ?? dur) / 1000;
  }
  work.sort((a, b) => a - b);
  return { frames: work.length, median: work[work.length >> 1], p95: work[Math.floor(work.length * 0.95)] };
}

/** Seconds from the press of Run to the first preview and to the picture, of the starter's 20 steps at 128×128: median of some runs. */
async function measureRun() {
  const sampler = page.locator('[data-type="KSampler"]').first();
  const [first, whole] = [[], []];
  for (let seed = 100; seed < 107; seed++) {
    await sampler.locator('[data-field="seed"]').getByRole("spinbutton").click();
    await page.keyboard.type(String(seed));
    await page.keyboard.press("Enter");
    const times = await page.evaluate(async () => {
      const image = (type) => document.querySelector(`[data-type="${type}"] .card-picture img`)?.getAttribute("src") ?? null;
      const [preview, picture] = [image("KSampler"), image("SaveImage")];
      const started = performance.now();
      document.querySelector(".run-button").click();
      const change = async (type, before) => {
        while (image(type) === before) await new Promise(requestAnimationFrame);
        return (performance.now() - started) / 1000;
      };
      return [await change("KSampler", preview), await change("SaveImage", picture)];
    });
    first.push(times[0]);
    whole.push(times[1]);
  }
  const median = (list) => list.sort((a, b) => a - b)[list.length >> 1].toFixed(2);
  return `first preview ${median(first)} s after the press of Run, the picture after ${median(whole)} s`;
}

process.stdout.write(`${await measureRun()}\n`);
const rows = [];
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
process.stdout.write(`${"main-thread CPU ms per frame".padEnd(42)} frames  median     p95\n`);
for (const [name, { frames, median, p95 }] of rows) {
  process.stdout.write(`${name.padEnd(42)} ${String(frames).padStart(6)} ${median.toFixed(1).padStart(7)} ${p95.toFixed(1).padStart(7)}\n`);
}
await studio.close();
