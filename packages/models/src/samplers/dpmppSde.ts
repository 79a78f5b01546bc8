import { ancestralSigmas } from "./ancestralSigmas.js";
import { brownianSteps } from "./brownianSteps.js";
import { eulerStep } from "./eulerStep.js";
import { fromTime, toTime } from "./logSigma.js";
import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

const { expm1, fround } = Math;

/** DPM-Solver++ (stochastic), a midpoint method with noise from a Brownian path at both stages: k-diffusion's `sample_dpmpp_sde` (MIT), r = 1/2, eta 1. */
export const dpmppSde: Sampler = async ({ x, sigmas, denoise, noise, onStep }) => {
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
    /** From the step's start to a later time, with a prediction of the clean latent for the way. */
    const advance = (to: number, prediction: Float32Array): Float32Array => {
      const target = fromTime(to);
      const { down, up } = ancestralSigmas(from, target);
      const downTime = toTime(down);
      return weightedSum(
        [fromTime(downTime) / from, start],
        [-fround(expm1(fround(time - downTime))), prediction],
        [up, stepNoise(from, target)],
      );
    };
    const middle = fround(time + 0.5 * fround(end - time));
    const denoisedMiddle = await denoise(advance(middle, denoised), fromTime(middle));
    x = advance(end, denoisedMiddle);
  }
  return x;
};
