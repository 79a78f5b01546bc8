import { linspace } from "../schedules/linspace.js";
import { denoisedOf, firstOrderStep, lastLevel, noiseAt, secondOrderStep, thirdOrderStep } from "./dpmSolver.js";
import { fromTime, toTime } from "./logSigma.js";
import type { Sampler } from "./sampler.js";

const { floor, fround } = Math;

/**
 * DPM-Solver-fast: as many network calls as the schedule has steps, spent on steps of third order, and of lower order at the end, that are even in
 * ln σ. Only the ends of the schedule matter; it stops at the lowest level above 0. Lu et al. 2022 (arXiv 2206.00927), k-diffusion's `sample_dpm_fast` (MIT).
 */
export const dpmFast: Sampler = async ({ x, sigmas, denoise, onStep }) => {
  const look = noiseAt(denoise);
  const orders = stepOrders(sigmas.length - 1);
  const times = linspace(toTime(sigmas[0]!), toTime(lastLevel(sigmas)), orders.length + 1);
  for (const [i, order] of orders.entries()) {
    const [time, end] = [times[i]!, times[i + 1]!];
    const noise = await look(x, time);
    onStep(i, orders.length, { x, denoised: denoisedOf(x, noise, time), sigma: fromTime(time) });
    if (order === 1) {
      x = firstOrderStep(x, noise, time, end);
    } else if (order === 2) {
      const middle = fround(time + 0.5 * fround(end - time));
      x = secondOrderStep(x, noise, await look(firstOrderStep(x, noise, time, middle), middle), 0.5, time, end);
    } else {
      x = (await thirdOrderStep(x, noise, time, end, look)).high;
    }
  }
  return x;
};

/** Orders that add up to the number of calls. */
function stepOrders(calls: number): number[] {
  const steps = floor(calls / 3) + 1;
  const rest = calls % 3;
  const threes = (count: number): number[] => Array.from({ length: Math.max(0, count) }, () => 3);
  return rest === 0 ? [...threes(steps - 2), 2, 1] : [...threes(steps - 1), rest];
}
