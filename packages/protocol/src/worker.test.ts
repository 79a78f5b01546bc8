import { describe, expect, it } from "vitest";
import { workerEventSchema, workerRequestSchema } from "./worker.js";

const run = { type: "run", run: "r", prompt: {}, workflow: null, targets: null, metadata: true, memoryLimit: null, precision: "exact" };

describe("worker messages", () => {
  it("accepts a run with a seed beyond 2^53 and a cancel", () => {
    const prompt = { "1": { class_type: "KSampler", inputs: { seed: 2n ** 64n - 1n } } };
    expect(workerRequestSchema.parse({ ...run, prompt })).toEqual({ ...run, prompt });
    expect(workerRequestSchema.parse({ type: "cancel", run: "r" })).toEqual({ type: "cancel", run: "r" });
  });

  it.each([
    { ...run, memoryLimit: 0 },
    { ...run, precision: "bf16" },
    { ...run, precision: undefined },
    { ...run, extra: 1 },
    { ...run, run: "" },
    { type: "stop", run: "r" },
    null,
    "run",
  ])("refuses %j", (value) => {
    expect(workerRequestSchema.safeParse(value).success).toBe(false);
  });

  it("accepts events with bytes, and refuses those of no kind", () => {
    const preview = {
      type: "preview",
      run: "r",
      node: "3",
      value: 1,
      max: 20,
      width: 8,
      height: 8,
      mediaType: "image/png",
      bytes: Uint8Array.of(1),
    };
    expect(workerEventSchema.parse(preview)).toEqual(preview);
    expect(workerEventSchema.safeParse({ ...preview, bytes: [1] }).success).toBe(false);
    expect(workerEventSchema.safeParse({ type: "progress", run: "r", node: "3", value: 1 }).success).toBe(false);
  });
});
