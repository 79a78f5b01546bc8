import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxDifference, readGoldenTensors } from "../testing/goldenTensors.js";
import { BrownianTree } from "./brownianTree.js";
import { seededNoise } from "./noiseSource.js";
import { roundToMicro } from "./roundToMicro.js";
import { generateSeedState } from "./seedSequence.js";

const brownian = readGoldenTensors(new URL("golden/brownian.safetensors", import.meta.url));
const rng = readGoldenTensors(new URL("golden/rng.safetensors", import.meta.url));
const sigmas = brownian.get("sigmas")!.data;
const middles = brownian.get("mids")!.data;
const named = (kinds: RegExp) => [...brownian].filter(([name]) => kinds.test(name));

describe("seededNoise", () => {
  it.each([...rng].filter(([name]) => name.startsWith("ancestral.")))("%s: independent steps", (name, { data }) => {
    const next = seededNoise(BigInt(name.split(".")[1]!), 24).independent();
    const steps = Float32Array.of(...next(3, 2), ...next(2, 1), ...next(1, 0));
    expect(maxDifference(steps, data)).toBeLessThanOrEqual(3e-6);
  });

  it("has no independent steps for the largest seed", () => {
    const largest = seededNoise(2n ** 64n - 1n, 4);
    expect(() => largest.independent()).toThrow(expect.objectContaining({ code: "MODEL_SEED_OVERFLOW" }));
  });

  it.each(named(/^(steps|batch2|dpmppsde)\./))("%s: steps along a Brownian path", (name, { shape, data }) => {
    const count = data.length / shape[0]!;
    const next = seededNoise(BigInt(name.split(".")[1]!), count).brownian(
      Math.min(...sigmas.filter((sigma) => sigma > 0)),
      Math.max(...sigmas),
    );
    const steps: number[] = [];
    for (let i = 0; i < 5; i++) {
      if (name.startsWith("dpmppsde.")) steps.push(...next(sigmas[i]!, middles[i]!));
      steps.push(...next(sigmas[i]!, sigmas[i + 1]!));
    }
    expect(maxDifference(Float32Array.from(steps), data)).toBeLessThanOrEqual(5e-6);
  });
});

describe("BrownianTree", () => {
  const time = fc.double({ min: 0.02, max: 15, noNaN: true });

  it("gives increments that add up, in any order of asking", () => {
    fc.assert(
      fc.property(time, time, time, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (x, y, z, seed) => {
        const [a, b, c] = [x, y, z].sort((first, second) => first - second) as [number, number, number];
        const tree = new BrownianTree(0.03, 14.6, 3, seed);
        const whole = tree.increment(a, c);
        const first = tree.increment(a, b);
        const second = tree.increment(b, c);
        expect(
          maxDifference(
            whole,
            first.map((value, i) => value + second[i]!),
          ),
        ).toBeLessThan(1e-5);
        expect(new BrownianTree(0.03, 14.6, 3, seed).increment(b, c)).toEqual(second);
      }),
      { numRuns: 50 },
    );
  });

  it("counts times outside the interval as its ends", () => {
    const tree = new BrownianTree(1, 2, 20, 5n);
    expect(tree.increment(0, 3)).toEqual(tree.increment(1, 2));
    expect(tree.increment(2, 9)).toEqual(new Float32Array(20));
  });
});

describe("roundToMicro", () => {
  it.each([
    [0.0078125, 0.007812],
    [0.0234375, 0.023438],
    [-0.0078125, -0.007812],
    [14.61464023590088, 14.61464],
    [0.0000005, 0],
    [0.0000015, 0.000002],
  ])("rounds %d to %d as Python does", (value, rounded) => {
    expect(roundToMicro(value)).toBe(rounded);
  });
});

describe("generateSeedState", () => {
  it("equals numpy's", () => {
    // numpy.random.SeedSequence(42).generate_state(4), and (2**64 + 3, spawn_key=(1, 2), pool_size=24).generate_state(3)
    expect([...generateSeedState(42n, [], 4, 4)]).toEqual([3444837047, 2669555309, 2046530742, 3581440988]);
    expect([...generateSeedState(2n ** 64n + 3n, [1, 2], 24, 3)]).toEqual([193024362, 3267678306, 1144941554]);
  });
});
