import { describe, expect, it } from "vitest";
import { maxDifference, readGoldenTensors } from "../testing/goldenTensors.js";
import { MersenneTwister } from "./mersenneTwister.js";
import { TorchGenerator } from "./torchGenerator.js";

const goldens = readGoldenTensors(new URL("golden/rng.safetensors", import.meta.url));
const named = (kind: string) => [...goldens].filter(([name]) => name.startsWith(`${kind}.`));
const seedOf = (name: string): bigint => BigInt(name.split(".")[1]!);

describe("MersenneTwister", () => {
  it("gives the reference's 10 000th value for its default seed", () => {
    const twister = new MersenneTwister(5489);
    let value = 0;
    for (let i = 0; i < 10_000; i++) value = twister.nextUint32();
    expect(value).toBe(4123659995);
  });
});

describe("TorchGenerator", () => {
  it.each(named("rand"))("%s equals torch's bit by bit", (name, { data }) => {
    expect(new TorchGenerator(seedOf(name)).rand(data.length)).toEqual(data);
  });

  it.each(named("randn"))("%s equals torch's", (name, { data }) => {
    const tolerance = data.length < 16 ? 0 : 3e-6;
    expect(maxDifference(new TorchGenerator(seedOf(name)).randn(data.length), data)).toBeLessThanOrEqual(tolerance);
  });

  it.each(named("seq"))("%s: a pair's second value waits for the next small draw", (name, { data }) => {
    const generator = new TorchGenerator(seedOf(name));
    const draws: number[] = [];
    for (const count of [3, 16, 4, 1, 20, 5, 33, 2]) draws.push(...generator.randn(count));
    expect(maxDifference(Float32Array.from(draws), data)).toBeLessThanOrEqual(3e-6);
  });

  it("looks at the low 32 bits of a seed only", () => {
    expect(new TorchGenerator(2n ** 32n + 5n).randn(40)).toEqual(new TorchGenerator(5n).randn(40));
    expect(new TorchGenerator(2n ** 63n).randn(40)).toEqual(new TorchGenerator(0n).randn(40));
    expect(new TorchGenerator(2n ** 53n + 1n).randn(40)).toEqual(new TorchGenerator(1n).randn(40));
  });

  it.each([-1n, 2n ** 64n])("refuses the seed %s", (seed) => {
    expect(() => new TorchGenerator(seed)).toThrow(expect.objectContaining({ code: "MODEL_SEED_RANGE" }));
  });

  it("is standard normal", () => {
    const values = new TorchGenerator(7n).randn(100_000);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
  });
});
