import { describe, expect, test } from "vitest";
import type { DiffusionRequest } from "../families/family.js";
import { discreteSampling } from "../schedules/index.js";
import { combineConditioning, type Conditioning, type ConditioningEntry } from "./conditioning.js";
import { guideModel, type GuidanceOptions } from "./guideModel.js";

/** A prompt whose one number is what the network predicts, everywhere. */
const prompt = (value: number, tokens = 1, rest: Partial<ConditioningEntry> = {}): ConditioningEntry => ({
  tokens: { data: new Float32Array(tokens * 2).fill(value), shape: [1, tokens, 2] },
  ...rest,
});

const SHAPE = [2, 4, 8, 8] as const;
const SIZE = 2 * 4 * 64;

function setUp(positive: Conditioning, negative: Conditioning, cfg: number, run: GuidanceOptions["run"] = {}) {
  const calls: DiffusionRequest[] = [];
  const model: GuidanceOptions["model"] = {
    definition: { contextWidth: 2 } as GuidanceOptions["model"]["definition"],
    sampling: discreteSampling({ predictionType: "x0" }),
    async predict(request) {
      calls.push(request);
      const { x, context } = request;
      const each = x.data.length / x.shape[0]!;
      const stride = context.data.length / x.shape[0]!;
      return Promise.resolve({ data: Float32Array.from(x.data, (_, i) => context.data[Math.floor(i / each) * stride]!), shape: x.shape });
    },
    forecast: async ({ x }) => Promise.resolve(x.shape[0]! * 100),
  };
  return { calls, guided: guideModel({ model, positive, negative, cfg, shape: SHAPE, run }) };
}

const x = new Float32Array(SIZE).fill(1);

describe("guided models", () => {
  test("both sides in one run, combined by the scale", async () => {
    const { guided, calls } = setUp([prompt(3)], [prompt(1)], 2.5);
    expect(new Set(await guided.denoise(x, 1))).toEqual(new Set([6]));
    expect(calls.map(({ x: input }) => input.shape)).toEqual([[4, 4, 8, 8]]);
    const both = await guided.denoiseGuided!(x, 1);
    expect([both.denoised[0], both.unconditional[0]]).toEqual([6, 1]);
  });

  test("a scale of 1 leaves the negative side out, unless the sampler needs it", async () => {
    const { guided, calls } = setUp([prompt(3)], [prompt(1)], 1);
    expect((await guided.denoise(x, 1))[5]).toBe(3);
    expect(calls[0]!.x.shape[0]).toBe(2);
    const both = await guided.denoiseGuided!(x, 1);
    expect([both.denoised[0], both.unconditional[0]]).toEqual([3, 1]);
  });

  test("prompts of different lengths run on their own, pairs that would not fit in memory too", async () => {
    const long = setUp([prompt(3, 2)], [prompt(1)], 2);
    await long.guided.denoise(x, 1);
    expect(long.calls.map(({ context }) => context.shape)).toEqual([
      [2, 2, 2],
      [2, 1, 2],
    ]);
    const tight = setUp([prompt(3)], [prompt(1)], 2, { memoryLimit: 300 });
    expect((await tight.guided.denoise(x, 1))[0]).toBe(5);
    expect(tight.calls.length).toBe(2);
  });

  test("entries are averaged by strength, and count only in their time", async () => {
    const positive = combineConditioning([prompt(1)], [prompt(4, 1, { strength: 0.5, range: { start: 0.5, end: 1 } })]);
    const { guided } = setUp(positive, [prompt(0)], 1);
    expect((await guided.denoise(x, 14))[0]).toBe(1);
    expect((await guided.denoise(x, 0.1))[0]).toBeCloseTo(2, 6);
  });

  test("a mask weighs each pixel, and its bounds are at least 8 on a side; a masked-out pixel is 0", async () => {
    const data = new Float32Array(32 * 32);
    for (let y = 0; y < 32; y++) data.fill(1, y * 32, y * 32 + 16);
    const mask = { data, shape: [32, 32] as const, strength: 1, boundsOnly: true };
    const { guided, calls } = setUp([prompt(3, 1, { mask })], [prompt(1)], 1);
    const result = await guided.denoise(x, 1);
    expect([result[0], result[7]]).toEqual([3, 0]);
    expect(calls[0]!.x.shape).toEqual([2, 4, 8, 8]);
  });

  test("an area is given to the network alone, with a partner from the other side", async () => {
    const area = { unit: "part", y: 0, x: 0.5, height: 1, width: 0.5 } as const;
    const { guided, calls } = setUp([prompt(3, 1, { area })], [prompt(1)], 2);
    const result = await guided.denoise(x, 1);
    // Left: only the negative side counts, D⁺ is 0.
    expect([result[0], result[7]]).toEqual([-1, 5]);
    expect(calls.map(({ x: input }) => input.shape)).toEqual([
      [4, 4, 8, 4],
      [2, 4, 8, 8],
    ]);
  });

  test("conditionings that can't be used are refused", () => {
    expect(() => setUp([], [prompt(1)], 2)).toThrowError(expect.objectContaining({ code: "MODEL_CONDITIONING" }));
    const wide: ConditioningEntry = { tokens: { data: new Float32Array(3), shape: [1, 1, 3] } };
    expect(() => setUp([prompt(1)], [wide], 2)).toThrowError(expect.objectContaining({ code: "MODEL_CONDITIONING" }));
  });
});
