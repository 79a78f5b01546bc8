import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { Progress } from "./jobFeed.js";
import { ProgressPace } from "./progressPace.js";

it("progress comes at once, then at most once a frame and node, the newest last", async () => {
  const passed: (Progress & { readonly at: number })[] = [];
  const pace = new ProgressPace((progress) => void passed.push({ ...progress, at: performance.now() }));
  const start = performance.now();
  let value = 0;
  for (; performance.now() - start < 120; value++) {
    pace.add({ job: "a", node: "1", value, max: 1000 });
    pace.add({ job: "a", node: "2", value, max: 1000 });
    await sleep(1);
  }
  expect(passed[0]!.at - start).toBeLessThan(5);
  await sleep(50);
  for (const node of ["1", "2"]) {
    const mine = passed.filter((progress) => progress.node === node);
    expect(mine.length).toBeGreaterThan(1);
    expect(mine.length).toBeLessThanOrEqual((passed.at(-1)!.at - start) / 16 + 2);
    expect(mine.at(-1)!.value).toBe(value - 1);
    expect(mine.map((progress) => progress.value)).toEqual(mine.map((progress) => progress.value).toSorted((a, b) => a - b));
  }
});

it("what is held back goes before an event", () => {
  const passed: number[] = [];
  const pace = new ProgressPace(({ value }) => void passed.push(value));
  for (const value of [1, 2, 3]) pace.add({ job: "a", node: "1", value, max: 3 });
  expect(passed).toEqual([1]);
  pace.flush();
  expect(passed).toEqual([1, 3]);
});
