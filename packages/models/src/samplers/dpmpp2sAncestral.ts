import { ancestralSigmas } from "./ancestralSigmas.js";
import { eulerStep } from "./eulerStep.js";
import { fromTime, toTime } from "./logSigma.js";
import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

const { expm1, fround } = Math;

/** DPM-Solver++(2S), second-order single step (Lu et al. 2022, arXiv 2211.01095), that overshoots and adds noise: k-diffusion's `sample_dpmpp_2s_ancestral` (MIT). */
export const dpmpp2sAncestral: Sampler = async ({ x, sigmas, denoise, noise, onStep }) => {
  const total = sigmas.length - 1;
  const stepNoise = noise.independent();
  for (let i = 0; i < total; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    const denoised = await denoise(x, sigma);
    onStep(i, total, { x, denoised, sigma });
    const { down, up } = ancestralSigmas(sigma, next);
    if (down === 0) {
      x = eulerStep(x, denoised, sigma, down);
    } else {
      const [time, end] = [toTime(sigma), toTime(down)];
      const h = fround(end - time);
      const middle = fromTime(fround(time + 0.5 * h));
      const from = fromTime(time);
      const atMiddle = weightedSum([middle / from, x], [-fround(expm1(-0.5 * h)), denoised]);
      const denoisedMiddle = await denoise(atMiddle, middle);
      x = weightedSum([fromTime(end) / from, x], [-fround(expm1(-h)), denoisedMiddle]);
    }
    if (next > 0) x = weightedSum([1, x], [up, stepNoise(sigma, next)]);
  }
  return x;
};
