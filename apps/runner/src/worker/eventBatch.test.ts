import type { WorkerEvent } from "@patchbay/protocol";
import { describe, expect, it } from "vitest";
import { EventBatch } from "./eventBatch.js";

const progress = (node: string, value: number): WorkerEvent => ({ type: "progress", run: "r", node, value, max: 9 });
const started = (node: string): WorkerEvent => ({ type: "nodeStarted", run: "r", node, nodeType: "N" });
const result: WorkerEvent = { type: "result", run: "r", seconds: 1, files: {} };

function setUp(linger: number) {
  const batches: WorkerEvent[][] = [];
  return { batches, batch: new EventBatch((events) => void batches.push(events), linger) };
}

describe("EventBatch", () => {
  it("sends what came together in one message, with the newest progress of each node only", async () => {
    const { batches, batch } = setUp(10);
    for (const event of [started("1"), progress("1", 1), started("2"), progress("1", 2), progress("2", 1), progress("1", 3)])
      batch.add(event);
    expect(batches).toEqual([]);
    await expect.poll(() => batches.length).toBe(1);
    expect(batches).toEqual([[started("1"), started("2"), progress("2", 1), progress("1", 3)]]);
  });

  it("sends the end of a run at once, after all before it", () => {
    const { batches, batch } = setUp(60_000);
    batch.add(started("1"));
    batch.add(result);
    expect(batches).toEqual([[started("1"), result]]);
    batch.flush();
    expect(batches).toHaveLength(1);
  });

  it("sends in time though no timer fires", () => {
    const { batches, batch } = setUp(5);
    const until = performance.now() + 60;
    for (let i = 0; performance.now() < until; i++) batch.add(progress("1", i));
    expect(batches.length).toBeGreaterThanOrEqual(2);
    expect(batches.length).toBeLessThanOrEqual(14);
  });
});
