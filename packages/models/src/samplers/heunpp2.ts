import { eulerStep } from "./eulerStep.js";
import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

/**
 * Heun++ with up to two looks ahead: the derivative of a step is a mean of those at this level and the next two, weighted by sigma over
 * the first sigma. The last step is Euler's, the last but one looks ahead once.
 */
export const heunpp2: Sampler = async ({ x, sigmas, denoise, onStep }) => {
  const total = sigmas.length - 1;
  const last = sigmas[total]!;
  for (let i = 0; i < total; i++) {
    const [sigma, next, after] = [sigmas[i]!, sigmas[i + 1]!, sigmas[i + 2]];
    const denoised = await denoise(x, sigma);
    onStep(i, total, { x, denoised, sigma });
    if (next === last || after === undefined) {
      x = eulerStep(x, denoised, sigma, next);
      continue;
    }
    const dt = Math.fround(next - sigma);
    const x2 = eulerStep(x, denoised, sigma, next);
    const denoised2 = await denoise(x2, next);
    const count = after === last ? 2 : 3;
    const weight2 = next / (count * sigmas[0]!);
    if (after === last) {
      const [slope1, slope2] = [((1 - weight2) * dt) / sigma, (weight2 * dt) / next];
      x = weightedSum([1 + slope1, x], [-slope1, denoised], [slope2, x2], [-slope2, denoised2]);
      continue;
    }
    const x3 = eulerStep(x2, denoised2, next, after);
    const denoised3 = await denoise(x3, after);
    const weight3 = after / (count * sigmas[0]!);
    const slope1 = ((1 - weight2 - weight3) * dt) / sigma;
    const [slope2, slope3] = [(weight2 * dt) / next, (weight3 * dt) / after];
    x = weightedSum([1 + slope1, x], [-slope1, denoised], [slope2, x2], [-slope2, denoised2], [slope3, x3], [-slope3, denoised3]);
  }
  return x;
};
