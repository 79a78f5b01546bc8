import type { DiffusionModel } from "../pipeline/diffusionModel.js";
import { combineCfg, type GuidedModel, type LatentShape } from "../sampling/index.js";
import type { Conditioning } from "./conditioning.js";
import { guideModel, type GuidanceOptions } from "./guideModel.js";

/** A model with its prompts and how they guide it: what travels on a GUIDER wire. */
export interface Guider {
  readonly model: DiffusionModel;
  /** The guided model for latents of a shape. @throws MODEL_CONDITIONING */
  readonly guide: (shape: LatentShape, run: Run) => GuidedModel;
}

type Run = NonNullable<GuidanceOptions["run"]>;
type Three = [GuidedModel, GuidedModel, GuidedModel];

/** A model with one prompt alone. */
function unguided(model: DiffusionModel, prompt: Conditioning, shape: LatentShape, run: Run): GuidedModel {
  return guideModel({ model, positive: prompt, negative: prompt, cfg: 1, shape, run });
}

/** Classifier-free guidance between two prompts. */
export function cfgGuider(prompts: { model: DiffusionModel; positive: Conditioning; negative: Conditioning; cfg: number }): Guider {
  return { model: prompts.model, guide: (shape, run) => guideModel({ ...prompts, shape, run }) };
}

/** One prompt without guidance. The unconditional prediction that `*_cfg_pp` samplers ask for is 0. */
export function basicGuider(model: DiffusionModel, conditioning: Conditioning): Guider {
  return {
    model,
    guide(shape, run) {
      const alone = unguided(model, conditioning, shape, run);
      return {
        denoise: (x, sigma) => alone.denoise(x, sigma),
        denoiseGuided: async (x, sigma) => ({ denoised: await alone.denoise(x, sigma), unconditional: new Float32Array(x.length) }),
      };
    },
  };
}

export interface DualPrompts {
  readonly model: DiffusionModel;
  readonly first: Conditioning;
  readonly second: Conditioning;
  readonly negative: Conditioning;
  /** Of the first against the second; of the second against the negative. */
  readonly cfgFirst: number;
  readonly cfgSecond: number;
  /** Nested: of the guided first against the negative. */
  readonly nested: boolean;
}

/**
 * Guidance by two prompts: D⁻ + b·(D₂ - D⁻) + a·(D₁ - D₂), as InstructPix2Pix weighs text and picture (Brooks et al. 2023, arXiv 2211.09800); nested
 * D⁻ + b·(D₂ + a·(D₁ - D₂) - D⁻).
 */
export function dualCfgGuider({ model, first, second, negative, cfgFirst, cfgSecond, nested }: DualPrompts): Guider {
  return {
    model,
    guide(shape, run) {
      const [one, two, none] = [first, second, negative].map((prompt) => unguided(model, prompt, shape, run)) as Three;
      const denoiseGuided = async (x: Float32Array, sigma: number) => {
        const unconditional = await none.denoise(x, sigma);
        const [firstD, secondD] = [await one.denoise(x, sigma), await two.denoise(x, sigma)];
        if (nested) return { denoised: combineCfg(combineCfg(firstD, secondD, cfgFirst), unconditional, cfgSecond), unconditional };
        const guided = combineCfg(secondD, unconditional, cfgSecond);
        return { denoised: guided.map((value, i) => value + Math.fround((firstD[i]! - secondD[i]!) * cfgFirst)), unconditional };
      };
      return { denoiseGuided, denoise: async (x, sigma) => (await denoiseGuided(x, sigma)).denoised };
    },
  };
}

export interface PerpNegPrompts {
  readonly model: DiffusionModel;
  readonly positive: Conditioning;
  readonly negative: Conditioning;
  /** The prompt of no words, which both are measured from. */
  readonly empty: Conditioning;
  readonly cfg: number;
  readonly negativeScale: number;
}

/**
 * Guidance away from that part of the negative prompt that has nothing in common with the positive one: D₀ + cfg·(p - w·(n - (n·p/|p|²)·p)) with p and n
 * the differences of both from the empty prompt's D₀, over the whole batch. Armandpour et al. 2023 (arXiv 2304.04968), Perp-Neg.
 */
export function perpNegGuider({ model, positive, negative, empty, cfg, negativeScale }: PerpNegPrompts): Guider {
  return {
    model,
    guide(shape, run) {
      const [wanted, unwanted, none] = [positive, negative, empty].map((prompt) => unguided(model, prompt, shape, run)) as Three;
      const denoiseGuided = async (x: Float32Array, sigma: number) => {
        const base = await none.denoise(x, sigma);
        const toWanted = (await wanted.denoise(x, sigma)).map((value, i) => value - base[i]!);
        const toUnwanted = (await unwanted.denoise(x, sigma)).map((value, i) => value - base[i]!);
        let [along, length] = [0, 0];
        toWanted.forEach((value, i) => {
          along += value * toUnwanted[i]!;
          length += value * value;
        });
        const shared = along / length;
        const denoised = base.map((value, i) => value + cfg * (toWanted[i]! - negativeScale * (toUnwanted[i]! - shared * toWanted[i]!)));
        return { denoised, unconditional: base };
      };
      return { denoiseGuided, denoise: async (x, sigma) => (await denoiseGuided(x, sigma)).denoised };
    },
  };
}
