import { ancestralSigmas } from "./ancestralSigmas.js";
import { eulerStep } from "./eulerStep.js";
import { fromTime, toTime } from "./logSigma.js";
import { predictor, stepStart } from "./predictor.js";
import type { Sampler } from "./sampler.js";
import { USUAL_NOISE, type StepNoiseOptions } from "./stepNoise.js";
import { weightedSum } from "./weightedSum.js";

const { expm1, fround } = Math;

/**
 * DPM-Solver++(2S), second-order single step (Lu et al. 2022, arXiv 2211.01095), that overshoots and adds noise: k-diffusion's
 * `sample_dpmpp_2s_ancestral` (MIT). With CFG++ (Chung et al. 2024, arXiv 2406.08070) the noise in x is that of the unconditional prediction U: both of
 * its stages begin at x + D - U, U the latest there is.
 */
function singleStep(cfgPp: boolean, { eta, noiseScale }: StepNoiseOptions): Sampler {
  return async ({ x, sigmas, noise, onStep, ...network }) => {
    const total = sigmas.length - 1;
    const stepNoise = noise.independent();
    const predict = predictor(network, cfgPp);
    for (let i = 0; i < total; i++) {
      const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
      const { denoised, unconditional } = await predict(x, sigma);
      onStep(i, total, { x, denoised, sigma });
      const { down, up } = ancestralSigmas(sigma, next, eta);
      if (down === 0) {
        x = eulerStep(x, denoised, sigma, down);
      } else {
        const [time, end] = [toTime(sigma), toTime(down)];
        const h = fround(end - time);
        const middle = fromTime(fround(time + 0.5 * h));
        const from = fromTime(time);
        const atMiddle = weightedSum([middle / from, stepStart(x, denoised, unconditional)], [-fround(expm1(-0.5 * h)), denoised]);
        const later = await predict(atMiddle, middle);
        x = weightedSum([fromTime(end) / from, stepStart(x, denoised, later.unconditional)], [-fround(expm1(-h)), later.denoised]);
      }
      if (next > 0) x = weightedSum([1, x], [up * noiseScale, stepNoise(sigma, next)]);
    }
    return x;
  };
}

export const dpmpp2sAncestralWith = (noise: StepNoiseOptions): Sampler => singleStep(false, noise);
export const dpmpp2sAncestral = singleStep(false, USUAL_NOISE);
export const dpmpp2sAncestralCfgPp = singleStep(true, USUAL_NOISE);
