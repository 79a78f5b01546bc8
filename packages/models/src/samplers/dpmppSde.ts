import { ancestralSigmas } from "./ancestralSigmas.js";
import { brownianSteps } from "./brownianSteps.js";
import { eulerStep } from "./eulerStep.js";
import { fromTime, toTime } from "./logSigma.js";
import type { Sampler } from "./sampler.js";
import { USUAL_NOISE, type StepNoiseOptions } from "./stepNoise.js";
import { weightedSum } from "./weightedSum.js";

const { expm1, fround } = Math;

/**
 * DPM-Solver++ (stochastic) with noise from a Brownian path at both of its stages, the first at the part `r` of a step: k-diffusion's
 * `sample_dpmpp_sde` (MIT).
 */
export function dpmppSdeWith({ eta, noiseScale, r }: StepNoiseOptions & { readonly r: number }): Sampler {
  return async ({ x, sigmas, denoise, noise, onStep }) => {
    const total = sigmas.length - 1;
    const stepNoise = brownianSteps(noise, sigmas);
    for (let i = 0; i < total; i++) {
      const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
      const denoised = await denoise(x, sigma);
      onStep(i, total, { x, denoised, sigma });
      if (next === 0) {
        x = eulerStep(x, denoised, sigma, next);
        continue;
      }
      const start = x;
      const [time, end] = [toTime(sigma), toTime(next)];
      const from = fromTime(time);
      /** From the step's start to a later time, with predictions of the clean latent for the way. */
      const advance = (to: number, ...predictions: (readonly [weight: number, prediction: Float32Array])[]): Float32Array => {
        const target = fromTime(to);
        const { down, up } = ancestralSigmas(from, target, eta);
        const downTime = toTime(down);
        const gain = -fround(expm1(fround(time - downTime)));
        return weightedSum(
          [fromTime(downTime) / from, start],
          ...predictions.map(([weight, prediction]) => [gain * weight, prediction] as const),
          [up * noiseScale, stepNoise(from, target)],
        );
      };
      const middle = fround(time + r * fround(end - time));
      const denoisedMiddle = await denoise(advance(middle, [1, denoised]), fromTime(middle));
      const later = 1 / (2 * r);
      x = advance(end, ...(later === 1 ? [] : [[1 - later, denoised] as const]), [later, denoisedMiddle]);
    }
    return x;
  };
}

export const dpmppSde = dpmppSdeWith({ ...USUAL_NOISE, r: 0.5 });
