import { ancestralSigmas } from "./ancestralSigmas.js";
import { eulerStep } from "./eulerStep.js";
import { toTime } from "./logSigma.js";
import { predictor, stepStart } from "./predictor.js";
import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

const { exp, expm1, fround } = Math;

/**
 * RES, the refined exponential solver of second order as a multistep method: Zhang et al. 2023 (arXiv 2308.02157), as NVIDIA's Cosmos samples
 * (Apache-2.0). With `eta` 1 each step overshoots and adds noise. With CFG++ (Chung et al. 2024, arXiv 2406.08070) the noise in x is that of the
 * unconditional prediction U: a step begins at x + D - U, and goes along U's.
 */
function refinedMultistep(eta: 0 | 1, cfgPp: boolean): Sampler {
  return async ({ x, sigmas, noise, onStep, ...network }) => {
    const predict = predictor(network, cfgPp);
    const total = sigmas.length - 1;
    const stepNoise = eta ? noise.independent() : undefined;
    let past: { denoised: Float32Array; down: number } | undefined;
    for (let i = 0; i < total; i++) {
      const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
      const { denoised, unconditional } = await predict(x, sigma);
      onStep(i, total, { x, denoised, sigma });
      x = stepStart(x, denoised, unconditional);
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
        x = weightedSum([fround(exp(-h)), x], [h * finite(phi1 - phi2 / c2), unconditional ?? denoised], [h * onPast, past.denoised]);
      }
      if (stepNoise && next > 0) x = weightedSum([1, x], [up, stepNoise(sigma, next)]);
      past = { denoised: unconditional ?? denoised, down };
    }
    return x;
  };
}

/** Where two levels coincide the second-order weights are undefined, and left out. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

export const resMultistep = refinedMultistep(0, false);
export const resMultistepCfgPp = refinedMultistep(0, true);
export const resMultistepAncestral = refinedMultistep(1, false);
export const resMultistepAncestralCfgPp = refinedMultistep(1, true);
