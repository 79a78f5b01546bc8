import { fromTime, toTime } from "./logSigma.js";
import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

const { exp, expm1, fround } = Math;

/** DPM-Solver++(2M), second-order multistep in data prediction: Lu et al. 2022 (arXiv 2211.01095), as k-diffusion's `sample_dpmpp_2m` (MIT). */
export const dpmpp2m: Sampler = async ({ x, sigmas, denoise, onStep }) => {
  const total = sigmas.length - 1;
  let previous: Float32Array | undefined;
  for (let i = 0; i < total; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    const denoised = await denoise(x, sigma);
    onStep(i, total, { x, denoised, sigma });
    if (next === 0) return denoised;
    const time = toTime(sigma);
    const timeNext = toTime(next);
    const h = fround(timeNext - time);
    const keep = fromTime(timeNext) / fromTime(time);
    const gain = -fround(expm1(-h));
    if (previous) {
      const extrapolation = h / (2 * fround(time - toTime(sigmas[i - 1]!)));
      x = weightedSum([keep, x], [gain * (1 + extrapolation), denoised], [-gain * extrapolation, previous]);
    } else {
      x = weightedSum([keep, x], [gain, denoised]);
    }
    previous = denoised;
  }
  return x;
};

/** The same with CFG++ (Chung et al. 2024, arXiv 2406.08070): the noise in x, and what a step is extrapolated from, is that of the unconditional prediction. */
export const dpmpp2mCfgPp: Sampler = async ({ x, sigmas, denoiseGuided, onStep }) => {
  const total = sigmas.length - 1;
  let previous: Float32Array | undefined;
  for (let i = 0; i < total; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    const { denoised, unconditional } = await denoiseGuided(x, sigma);
    onStep(i, total, { x, denoised, sigma });
    if (next === 0) return denoised;
    const time = toTime(sigma);
    const h = fround(toTime(next) - time);
    const keep = exp(-h);
    const extrapolation = previous ? (-fround(expm1(-h)) * h) / (2 * fround(time - toTime(sigmas[i - 1]!))) : 0;
    x = weightedSum([1 + extrapolation, denoised], [keep, x], [-keep, unconditional], [-extrapolation, previous ?? unconditional]);
    previous = unconditional;
  }
  return x;
};
