import { ancestralSigmas } from "./ancestralSigmas.js";
import { eulerStep } from "./eulerStep.js";
import { toTime } from "./logSigma.js";
import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

const { exp, expm1, fround } = Math;

/**
 * RES, the refined exponential solver of second order as a multistep method: Zhang et al. 2023 (arXiv 2308.02157), as NVIDIA's Cosmos samples
 * (Apache-2.0). With `eta` 1 each step overshoots and adds noise.
 */
function refinedMultistep(eta: 0 | 1): Sampler {
  return async ({ x, sigmas, denoise, noise, onStep }) => {
    const total = sigmas.length - 1;
    const stepNoise = eta ? noise.independent() : undefined;
    let past: { denoised: Float32Array; down: number } | undefined;
    for (let i = 0; i < total; i++) {
      const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
      const denoised = await denoise(x, sigma);
      onStep(i, total, { x, denoised, sigma });
      const { down, up } = eta ? ancestralSigmas(sigma, next) : { down: next, up: 0 };
      if (down === 0 || !past) {
        x = eulerStep(x, denoised, sigma, down);
      } else {
        const time = toTime(sigma);
        const h = fround(toTime(down) - time);
        const c2 = fround(toTime(sigmas[i - 1]!) - toTime(past.down)) / h;
        const phi1 = expm1(-h) / -h;
        const phi2 = (phi1 - 1) / -h;
        const onPast = finite(phi2 / c2);
        x = weightedSum([fround(exp(-h)), x], [h * finite(phi1 - phi2 / c2), denoised], [h * onPast, past.denoised]);
      }
      if (stepNoise && next > 0) x = weightedSum([1, x], [up, stepNoise(sigma, next)]);
      past = { denoised, down };
    }
    return x;
  };
}

/** Where two levels coincide the second-order weights are undefined, and left out. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

export const resMultistep = refinedMultistep(0);
export const resMultistepAncestral = refinedMultistep(1);
