import { loadNative } from "@patchbay/engine-bindings";
import { describe, expect, test } from "vitest";
import type { HostTensor } from "../ir/tensor.js";
import { attention } from "../ops/attention.js";
import { add } from "../ops/binary.js";
import { conv2d } from "../ops/conv2d.js";
import { groupNorm } from "../ops/groupNorm.js";
import { linear } from "../ops/linear.js";
import { matmul } from "../ops/matmul.js";
import { reduce } from "../ops/reduce.js";
import { silu } from "../ops/unary.js";
import { randomArray, randomWeights } from "../testing/compareWithOracle.js";
import { Network } from "./network.js";

const input = (shape: readonly number[]) => ({
  data: randomArray(
    shape.reduce((a, b) => a * b, 1),
    3,
  ),
  shape,
});

const bytesOf = ({ data: { buffer } }: HostTensor): Uint8Array => new Uint8Array(buffer);

describe("Network", () => {
  test("compiles once for each shape and gives the same bits every time", async () => {
    let traced = 0;
    const w = randomWeights({ weight: [16, 8], bias: [16] });
    const network = new Network("twice", ({ x }) => {
      traced++;
      return { y: silu(linear(x!, w)) };
    });
    const first = await network.run({ x: input([3, 8]) });
    const second = await network.run({ x: input([3, 8]) });
    expect(second["y"]!.data).toEqual(first["y"]!.data);
    expect(traced).toBe(1);
    for (let rows = 1; rows <= Network.plansKept + 1; rows++) await network.run({ x: input([rows, 8]) });
    const before = traced;
    await network.run({ x: input([Network.plansKept + 1, 8]) });
    expect(traced).toBe(before);
    network.dispose();
  });

  test("runs beside each other in order, off the event loop", async () => {
    const w = randomWeights({ weight: [64, 64, 3, 3] });
    const network = new Network("conv", ({ x }) => ({ y: conv2d(conv2d(x!, w, { padding: 1 }), w, { padding: 1 }) }));
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const inputs = Array.from({ length: 4 }, (_, at) => ({ x: { data: randomArray(96 * 96 * 64, at), shape: [1, 96, 96, 64] } }));
    const together = await Promise.all(inputs.map(async (each) => network.run(each)));
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(2);
    const alone = await network.run(inputs[2]!);
    expect(together[2]!["y"]!.data).toEqual(alone["y"]!.data);
    network.dispose();
  });

  test("a cancel ends the run with a code, and the next run works", async () => {
    const network = new Network("long", ({ x }) => {
      let y = x!;
      for (let i = 0; i < 400; i++) y = attention(y, y, y, { heads: 1 });
      return { y };
    });
    const abort = new AbortController();
    const progress: number[] = [];
    const run = network.run({ x: input([1, 1500, 64]) }, { signal: abort.signal, onProgress: (done) => progress.push(done) });
    setTimeout(() => abort.abort(), 60);
    await expect(run).rejects.toMatchObject({ code: "ENGINE_CANCELLED" });
    expect(Math.max(...progress, 0)).toBeLessThan(400);
    await expect(network.run({ x: input([1, 1500, 64]) }, { signal: abort.signal })).rejects.toMatchObject({ code: "ENGINE_CANCELLED" });
    await expect(network.run({ x: input([1, 10, 64]) })).resolves.toBeDefined();
    network.dispose();
  });

  test("the forecast is what the run takes, and a run that can't fit is refused before it starts", async () => {
    const w = randomWeights({ weight: [96, 96, 3, 3] });
    const network = new Network("memory", ({ x }) => {
      let y = x!;
      for (let i = 0; i < 4; i++) y = silu(conv2d(y, w, { padding: 1 }));
      return { y };
    });
    const inputs = { x: input([1, 128, 128, 96]) };
    const native = loadNative();
    const forecast = network.forecast({ x: { shape: inputs.x.shape } });
    await expect(network.run(inputs, { memoryLimit: Math.floor(forecast.total / 2) })).rejects.toMatchObject({ code: "ENGINE_MEMORY" });
    const before = native.memory().current;
    native.resetPeak();
    await network.run(inputs);
    const taken = native.memory().peak - before;
    expect(taken).toBeGreaterThan(forecast.total * 0.9);
    expect(taken).toBeLessThan(forecast.total * 1.1);
    network.dispose();
  });

  test("where a run can't fit, results are computed again instead of being kept", async () => {
    const w = randomWeights({ weight: [64, 64, 3, 3], "norm.weight": [64], "norm.bias": [64] });
    const network = new Network("again", ({ x }) => {
      let y = x!;
      for (let i = 0; i < 3; i++) y = add(y, conv2d(silu(groupNorm(conv2d(y, w, { padding: 1 }), w.at("norm"))), w, { padding: 1 }));
      return { y };
    });
    const inputs = { x: input([1, 384, 384, 64]) };
    const { total } = network.forecast({ x: { shape: inputs.x.shape } });
    const kept = await network.run(inputs);
    // What the process holds besides the engine counts too.
    const memoryLimit = (): number => process.memoryUsage.rss() - loadNative().memory().current + Math.floor(total * 0.8);
    const refused = network.compile({ x: { shape: inputs.x.shape } });
    await expect(refused.run(inputs, { memoryLimit: memoryLimit() })).rejects.toMatchObject({ code: "ENGINE_MEMORY" });
    const again = await network.run(inputs, { memoryLimit: memoryLimit() });
    expect(Buffer.compare(bytesOf(again.y!), bytesOf(kept.y!))).toBe(0);
    network.dispose();
  });

  test("a profile has a time for every op that is left, and counts their arithmetic", async () => {
    const w = randomWeights({ weight: [16, 8, 3, 3] });
    const network = new Network("profile", ({ x }) => ({ y: silu(conv2d(x!, w, { padding: 1 })) }));
    const executable = network.compile({ x: { shape: [2, 6, 7, 8] } });
    const profile = await executable.profile({ x: input([2, 6, 7, 8]) });
    expect(profile).toEqual([
      { op: "conv2d", region: "", shape: [2, 6, 7, 16], milliseconds: expect.any(Number) as number, flops: 2 * 84 * 16 * 72 },
    ]);
    expect(profile[0]!.milliseconds).toBeGreaterThan(0);
    network.dispose();
  });

  test("a run larger than the machine is refused, not tried", async () => {
    const network = new Network("enormous", ({ x }) => ({ y: reduce(matmul(x!, x!, { transposed: true }), "sum") }));
    await expect(network.run({ x: input([300_000, 1]) })).rejects.toMatchObject({ code: "ENGINE_MEMORY" });
    network.dispose();
  });

  test("wrong inputs are errors with a code", async () => {
    const w = randomWeights({ weight: [16, 8] });
    const network = new Network("inputs", ({ x }) => ({ y: linear(x!, w) }));
    await expect(network.run({ x: { data: new Float32Array(3), shape: [3, 8] } })).rejects.toMatchObject({ code: "ENGINE_INPUT" });
    await expect(network.run({ x: { data: new Float32Array(9), shape: [3, 3] } })).rejects.toMatchObject({ code: "ENGINE_SHAPE" });
    network.dispose();
  });
});
