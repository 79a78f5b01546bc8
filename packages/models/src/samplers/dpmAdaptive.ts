import { ancestralSigmas } from "./ancestralSigmas.js";
import { denoisedOf, firstOrderStep, lastLevel, noiseAt, secondOrderStep, thirdOrderStep, type NoiseAt } from "./dpmSolver.js";
import { fromTime, toTime } from "./logSigma.js";
import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

const { abs, atan, floor, fround, max, min, sqrt } = Math;

export interface DpmAdaptiveOptions {
  readonly order?: 2 | 3;
  /** What two steps of different order may differ by: of the values, and at least. */
  readonly relative?: number;
  readonly absolute?: number;
  /** Of the first step, in ln σ. */
  readonly firstStep?: number;
  /** Of the controller that chooses the steps' size from what they differ by. */
  readonly proportional?: number;
  readonly integral?: number;
  readonly derivative?: number;
  /** A step that the controller would shrink below this part of it is taken again. */
  readonly accepted?: number;
  readonly eta?: number;
  readonly noiseScale?: number;
}

/**
 * DPM-Solver-12 or -23 with a step size of its own: a step is taken where it and one of an order less differ little enough. Only the ends of the
 * schedule matter; it stops at the lowest level above 0. Lu et al. 2022 (arXiv 2206.00927), k-diffusion's `sample_dpm_adaptive` (MIT).
 */
export function dpmAdaptiveWith(options: DpmAdaptiveOptions): Sampler {
  const { order = 3, relative = 0.05, absolute = 0.0078, firstStep = 0.05, accepted = 0.81, eta = 0, noiseScale = 1 } = options;
  const step = order === 3 ? thirdOrderStep : lowOrderSteps;
  return async ({ x, sigmas, denoise, noise, onStep }) => {
    const look = noiseAt(denoise);
    const stepNoise = eta > 0 ? noise.independent() : undefined;
    const [start, end] = [toTime(sigmas[0]!), toTime(lastLevel(sigmas))];
    const total = sigmas.length - 1;
    const factorFor = stepSizeController(options, eta > 0 ? 1.5 : order);
    let [time, h] = [start, firstStep];
    let before = x;
    while (time < end - 1e-5) {
      const next = min(end, fround(time + h));
      const { down } = ancestralSigmas(fromTime(time), fromTime(next), eta);
      const target = eta > 0 ? min(end, toTime(down)) : next;
      const found = await look(x, time);
      // How many steps it will take is not known: those of the schedule stand for the way that is done.
      const index = min(total - 1, floor((total * (time - start)) / (end - start)));
      onStep(index, total, { x, denoised: denoisedOf(x, found, time), sigma: fromTime(time) });
      const { low, high } = await step(x, found, time, target, look);
      const factor = factorFor(difference(low, high, before, relative, absolute));
      if (factor >= accepted) {
        const up = sqrt(fromTime(next) ** 2 - fromTime(target) ** 2);
        x = stepNoise ? weightedSum([1, high], [up * noiseScale, stepNoise(fromTime(time), fromTime(next))]) : high;
        [before, time] = [low, next];
      }
      h *= factor;
    }
    return x;
  };
}

export const dpmAdaptive = dpmAdaptiveWith({});

/** Steps of second order, by a look half-way, and of first. */
async function lowOrderSteps(x: Float32Array, noise: Float32Array, time: number, end: number, look: NoiseAt) {
  const middle = fround(time + 0.5 * fround(end - time));
  const later = await look(firstOrderStep(x, noise, time, middle), middle);
  return { low: firstOrderStep(x, noise, time, end), high: secondOrderStep(x, noise, later, 0.5, time, end) };
}

/** A PID controller of the step size over what steps differed by, newest first: Söderlind 2003, as k-diffusion has it. */
function stepSizeController(
  { proportional = 0, integral = 1, derivative = 0, accepted = 0.81 }: DpmAdaptiveOptions,
  order: number,
): (difference: number) => number {
  const powers = [(proportional + integral + derivative) / order, -(proportional + 2 * derivative) / order, derivative / order];
  let past: readonly [number, number] | undefined;
  return (error) => {
    const inverse = 1 / (error + 1e-8);
    past ??= [inverse, inverse];
    const wanted = [inverse, ...past].reduce((product, each, i) => product * each ** powers[i]!, 1);
    const factor = 1 + atan(wanted - 1);
    if (factor >= accepted) past = [inverse, past[0]];
    return factor;
  };
}

/** The root mean square of the difference, in units of what is tolerated. */
function difference(low: Float32Array, high: Float32Array, before: Float32Array, relative: number, absolute: number): number {
  let sum = 0;
  for (let i = 0; i < low.length; i++) sum += ((low[i]! - high[i]!) / max(absolute, relative * max(abs(low[i]!), abs(before[i]!)))) ** 2;
  return sqrt(sum / low.length);
}
