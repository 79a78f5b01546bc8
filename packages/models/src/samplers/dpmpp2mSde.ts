import { brownianSteps } from "./brownianSteps.js";
import { toTime } from "./logSigma.js";
import type { Sampler } from "./sampler.js";
import { USUAL_NOISE, type StepNoiseOptions } from "./stepNoise.js";
import { weightedSum } from "./weightedSum.js";

const { exp, expm1, fround, sqrt } = Math;

/** How the second-order term is weighted: two discretisations of the same integral. */
type Correction = (decay: number, gain: number) => number;

const corrections = {
  midpoint: (_decay, gain) => 0.5 * gain,
  heun: (decay, gain) => gain / -decay + 1,
} satisfies Record<string, Correction>;

/**
 * SDE-DPM-Solver++(2M) with noise from a Brownian path: Lu et al. 2022 (arXiv 2211.01095), as k-diffusion's `sample_dpmpp_2m_sde` (MIT).
 * The step to 0 is D.
 */
export function dpmpp2mSdeWith({ solver, eta, noiseScale }: StepNoiseOptions & { readonly solver: keyof typeof corrections }): Sampler {
  const correction = corrections[solver];
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
      const decay = fround((1 + eta) * h);
      const gain = -fround(expm1(-decay));
      const keep = fround(next / sigma) * fround(exp(-eta * h));
      const deviation = next * fround(sqrt(-fround(expm1(-2 * eta * h)))) * noiseScale;
      const term = previous ? correction(decay, gain) * (h / previous.h) : 0;
      x = weightedSum([keep, x], [gain + term, denoised], [-term, previous?.denoised ?? denoised], [deviation, stepNoise(sigma, next)]);
      previous = { denoised, h };
    }
    return x;
  };
}

export const dpmpp2mSde = dpmpp2mSdeWith({ ...USUAL_NOISE, solver: "midpoint" });
export const dpmpp2mSdeHeun = dpmpp2mSdeWith({ ...USUAL_NOISE, solver: "heun" });
