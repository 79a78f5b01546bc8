import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededNoise } from "../noise/index.js";
import { discreteSampling, schedulers } from "../schedules/index.js";
import { maxDifference } from "../testing/goldenTensors.js";
import { adamsWeights } from "./lms.js";
import { samplers, type SamplerEntry } from "./samplers.js";
import { solveLinear } from "./solveLinear.js";
import { weightedSum } from "./weightedSum.js";

const sampling = discreteSampling();

/** Runs a sampler on a model whose prediction is always `clean`. */
async function runOnConstant({ sample }: SamplerEntry, clean: Float32Array, steps: number) {
  const x = clean.map((_, i) => 14 * Math.sin(i));
  const sigmas = schedulers.karras(sampling, steps);
  const before = [x.slice(), sigmas.slice()];
  const indices: number[] = [];
  const result = await sample({
    x,
    sigmas,
    sampling,
    noise: seededNoise(3n, x.length),
    denoise: async () => clean.slice(),
    denoiseGuided: async () => ({ denoised: clean.slice(), unconditional: clean.slice() }),
    onStep(index, total) {
      expect(total).toBe(steps);
      indices.push(index);
    },
  });
  expect([x, sigmas]).toEqual(before);
  return { result, indices };
}

/** They choose their own steps, and end where there is still some noise. */
const SELF_PACED = new Set(["dpm_fast", "dpm_adaptive"]);

describe("samplers", () => {
  it.each(Object.entries(samplers).filter(([name]) => !SELF_PACED.has(name)))(
    "%s ends at the prediction of a model that never changes its mind",
    async (name, entry) => {
      const clean = Float32Array.from({ length: 32 }, (_, i) => Math.cos(3 * i));
      for (const steps of [2, 3, 7]) {
        const { result, indices } = await runOnConstant(entry, clean, steps);
        expect(indices).toEqual(Array.from({ length: steps }, (_, i) => i));
        // UniPC ends at sigma 0.001, where some of the start is left.
        expect(maxDifference(result, clean)).toBeLessThan(name.startsWith("uni_pc") ? 0.02 : 1e-5);
      }
    },
  );
});

describe("samplers that choose their own steps", () => {
  it.each([...SELF_PACED])("%s ends near the prediction of a model that never changes its mind", async (name) => {
    const clean = Float32Array.from({ length: 32 }, (_, i) => Math.cos(3 * i));
    const x = clean.map((_, i) => 14 * Math.sin(i));
    const sigmas = schedulers.karras(sampling, 6);
    const indices: number[] = [];
    const result = await samplers[name as "dpm_fast"].sample({
      x,
      sigmas,
      sampling,
      noise: seededNoise(3n, x.length),
      denoise: async () => clean.slice(),
      denoiseGuided: () => Promise.reject(new Error("not asked for")),
      onStep(index, total) {
        expect(index).toBeLessThan(total);
        indices.push(index);
      },
    });
    expect(indices).toEqual(indices.toSorted((a, b) => a - b));
    // Of the start there is as much left as of the noise.
    expect(maxDifference(result, clean)).toBeLessThan((15 * sigmas.at(-2)!) / sigmas[0]! + 1e-4);
  });
});

describe("adamsWeights", () => {
  it("integrates polynomials below its order exactly", () => {
    const point = fc.double({ min: 0.1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 4 }), point, (gaps, gap) => {
        const nodes = gaps.map((_, i) => 1 + gaps.slice(0, i).reduce((sum, value) => sum + value, 0));
        const next = 1 - gap;
        const weights = adamsWeights(nodes, next);
        for (let power = 0; power < nodes.length; power++) {
          const exact = (next ** (power + 1) - 1) / (power + 1);
          const found = nodes.reduce((sum, node, k) => sum + weights[k]! * node ** power, 0);
          expect(Math.abs(found - exact)).toBeLessThan(1e-9 * Math.max(...weights.map(Math.abs)) * 4 ** (power + 3));
        }
      }),
    );
  });
});

describe("solveLinear", () => {
  it("solves what it is given, a zero pivot too", () => {
    expect(solveLinear([], [])).toEqual([]);
    expect(solveLinear([[0, 2], [1, 1]], [4, 5])).toEqual([3, 2]); // prettier-ignore
    const entry = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(entry, entry, entry, entry), { minLength: 3, maxLength: 3 }), (rows) => {
        const matrix = rows.map((row, i) => [row[0], row[1], row[2]].map((value, k) => (i === k ? value + 4 : value)));
        const solution = solveLinear(matrix, rows.map((row) => row[3])); // prettier-ignore
        matrix.forEach((row, i) => {
          const left = row.reduce((sum, value, k) => sum + value * solution[k]!, 0);
          expect(Math.abs(left - rows[i]![3])).toBeLessThan(1e-12);
        });
      }),
    );
  });
});

describe("weightedSum", () => {
  it("sums any number of terms", () => {
    const terms = Array.from({ length: 6 }, (_, i): [number, Float32Array] => [i + 1, Float32Array.of(i, 1)]);
    const sums = terms.map((_, i) => Array.from(weightedSum(...terms.slice(0, i + 1))));
    expect(sums).toEqual([[0, 1], [2, 3], [8, 6], [20, 10], [40, 15], [70, 21]]); // prettier-ignore
    expect(() => weightedSum()).toThrow(RangeError);
  });
});
