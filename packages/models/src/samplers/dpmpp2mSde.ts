import { brownianSteps } from "./brownianSteps.js";
import { toTime } from "./logSigma.js";
import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

const { exp, expm1, fround, sqrt } = Math;

/** How the second-order term is weighted: two discretisations of the same integral. */
type Correction = (decay: number, gain: number) => number;

const midpoint: Correction = (_decay, gain) => 0.5 * gain;
const heun: Correction = (decay, gain) => gain / -decay + 1;

/**
 * SDE-DPM-Solver++(2M), eta 1, with noise from a Brownian path: Lu et al. 2022 (arXiv 2211.01095), as k-diffusion's `sample_dpmpp_2m_sde` (MIT).
 * The step to 0 is D.
 */
function multistepSde(correction: Correction): Sampler {
  return async ({ x, sigmas, denoise, noise, onStep }) => {
    const total = sigmas.length - 1;
    const stepNoise = brownianSteps(noise, sigmas);
    let previous: { denoised: Float32Array; h: number } | undefined;
    for (let i = 0; i < total; i++) {
      const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
      const denoised = await denoise(x, sigma);
      onStep(i, total, { x, denoised, sigma });
      if (next === 0) return denoised;
      const h = fround(toTime(next) - toTime(sigma));
      const decay = fround(2 * h);
      const gain = -fround(expm1(-decay));
      const keep = fround(next / sigma) * fround(exp(-h));
      const deviation = next * fround(sqrt(gain));
      const term = previous ? correction(decay, gain) * (h / previous.h) : 0;
      x = weightedSum([keep, x], [gain + term, denoised], [-term, previous?.denoised ?? denoised], [deviation, stepNoise(sigma, next)]);
      previous = { denoised, h };
    }
    return x;
  };
}

export const dpmpp2mSde = multistepSde(midpoint);
export const dpmpp2mSdeHeun = multistepSde(heun);
