import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { discreteSampling } from "../schedules/index.js";
import { lineNetwork } from "../testing/lineNetwork.js";
import { maxDifference, readGoldenTensors, relativeError } from "../testing/goldenTensors.js";
import { averageConditions } from "./averageConditions.js";
import { combineCfg, usesNegative } from "./cfg.js";
import { areaOfParts, conditionWeights, matchAreas, visibleArea, type Area, type Condition } from "./conditionScope.js";
import { runSampling, type LatentShape } from "./runSampling.js";

/** A prompt as ComfyUI was given it: areas are [height, width, y, x], mask is the strength of the one mask. */
interface Prompt {
  readonly prompt: number;
  readonly area?: [number, number, number, number];
  readonly percent?: [number, number, number, number];
  readonly strength?: number;
  readonly mask?: number;
  readonly start?: number;
  readonly end?: number;
}
interface Run {
  readonly name: string;
  readonly positive: Prompt[];
  readonly negative: Prompt[];
  readonly cfg: number;
  readonly steps: number;
}

const SHAPE: LatentShape = [1, 4, 12, 16];
const tensors = readGoldenTensors(new URL("golden/conditions.safetensors", import.meta.url));
const runs = JSON.parse(readFileSync(new URL("golden/conditions.json", import.meta.url), "utf8")) as Run[];
const sampling = discreteSampling();

function toCondition({ prompt, area, percent, strength, mask, start, end }: Prompt): Condition<number> {
  const toArea = ([height, width, y, x]: [number, number, number, number]): Area => ({ height, width, y, x });
  return {
    prompt,
    ...(area && { area: toArea(area) }),
    ...(percent && { area: areaOfParts(toArea(percent), SHAPE[2], SHAPE[3]) }),
    ...(strength !== undefined && { strength }),
    ...(mask !== undefined && { mask: tensors.get("mask.three")!.data.map((value) => value * mask) }),
    ...(start !== undefined && { sigmaStart: sampling.percentToSigma(start) }),
    ...(end !== undefined && { sigmaEnd: sampling.percentToSigma(end) }),
  };
}

describe("prompts with areas, masks, strengths and times", () => {
  it.each(runs.map((run) => [run.name, run] as const))("%s as ComfyUI", async (name, run) => {
    const { positive, negative } = matchAreas(run.positive.map(toCondition), run.negative.map(toCondition));
    const predictWith = (conditions: readonly Condition<number>[], x: Float32Array, sigma: number): Promise<Float32Array> =>
      averageConditions(conditions, x, SHAPE, sigma, async (part, _shape, prompt) => {
        const output = lineNetwork(sampling.calculateInput(sigma, part), sampling.timestep(sigma), prompt, part.length);
        return sampling.calculateDenoised(sigma, output, part);
      });
    const result = await runSampling({
      sampling,
      model: {
        async denoise(x, sigma) {
          const conditional = await predictWith(positive, x, sigma);
          return usesNegative(run.cfg) ? combineCfg(conditional, await predictWith(negative, x, sigma), run.cfg) : conditional;
        },
      },
      seed: 7n,
      steps: run.steps,
      sampler: "euler",
      scheduler: "karras",
      latent: tensors.get("latent.three")!.data,
      shape: SHAPE,
      latentScale: 0.18215,
    });
    expect(relativeError(result, tensors.get(name)!.data)).toBeLessThan(3e-6);
  });
});

describe("conditionWeights", () => {
  it("rises over a quarter of an area, not at the latent's border", () => {
    const area = { y: 0, x: 4, height: 2, width: 8 };
    const weights = conditionWeights({ area, strength: 2 }, area, 2, 16);
    expect([...weights.subarray(0, 8)]).toEqual([1, 2, 2, 2, 2, 2, 2, 1]);
  });

  it("never exceeds the strength", () => {
    const side = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(side, side, fc.nat(20), fc.nat(20), fc.double({ min: 0.1, max: 3, noNaN: true }), (height, width, y, x, strength) => {
        const scope = { area: { y, x, height, width }, strength };
        const area = visibleArea(scope, 30, 30)!;
        const weights = conditionWeights(scope, area, 30, 30);
        expect(weights).toHaveLength(area.height * area.width);
        expect(weights.every((weight) => weight > 0 && weight <= Math.fround(strength))).toBe(true);
      }),
    );
  });

  it("has no visible part outside the latent", () => {
    expect(visibleArea({ area: { y: 30, x: 0, height: 4, width: 4 } }, 30, 30)).toBeUndefined();
  });
});

describe("combineCfg", () => {
  it("is the positive prediction at scale 1, the negative at 0", () => {
    const [positive, negative] = [Float32Array.of(1, -2, 0.3), Float32Array.of(0.5, 4, -1)];
    expect(maxDifference(combineCfg(positive, negative, 1), positive)).toBeLessThan(1e-6);
    expect(combineCfg(positive, negative, 0)).toEqual(negative);
    expect([1, 1 + 1e-10, 1.001, 0, 7].map(usesNegative)).toEqual([false, false, true, true, true]);
  });
});
