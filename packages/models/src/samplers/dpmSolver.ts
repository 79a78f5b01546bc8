import { fromTime } from "./logSigma.js";
import type { SamplerContext } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

// DPM-Solver in noise prediction, orders 1 to 3 as single steps: Lu et al. 2022 (arXiv 2206.00927), as k-diffusion's `DPMSolver` (MIT). Times
// are t = -ln σ, in fp32.

const { expm1, fround } = Math;

/** The noise ε = (x - D)/σ that the network sees in x at a time. */
export type NoiseAt = (x: Float32Array, time: number) => Promise<Float32Array>;

export function noiseAt(denoise: SamplerContext["denoise"]): NoiseAt {
  return async (x, time) => {
    const sigma = fromTime(time);
    return weightedSum([1 / sigma, x], [-1 / sigma, await denoise(x, sigma)]);
  };
}

/** D from x and its noise. */
export function denoisedOf(x: Float32Array, noise: Float32Array, time: number): Float32Array {
  return weightedSum([1, x], [-fromTime(time), noise]);
}

/** A step of first order from `time` to `end` along `noise`: exact where that is constant. */
export function firstOrderStep(x: Float32Array, noise: Float32Array, time: number, end: number): Float32Array {
  return weightedSum([1, x], [-fromTime(end) * expm1(fround(end - time)), noise]);
}

/** A step of second order, by the noise at its start and at the part r of the way. */
export function secondOrderStep(
  x: Float32Array,
  noise: Float32Array,
  later: Float32Array,
  r: number,
  time: number,
  end: number,
): Float32Array {
  const whole = -fromTime(end) * expm1(fround(end - time));
  return weightedSum([1, x], [whole * (1 - 1 / (2 * r)), noise], [whole / (2 * r), later]);
}

/** Where a step of third order looks: at these parts of the way. */
const [R1, R2] = [1 / 3, 2 / 3];

/** A step of third order by the noise at its start, and a second-order one by the first two of its three looks. */
export async function thirdOrderStep(
  x: Float32Array,
  noise: Float32Array,
  time: number,
  end: number,
  look: NoiseAt,
): Promise<{ readonly low: Float32Array; readonly high: Float32Array }> {
  const h = fround(end - time);
  const [first, second] = [fround(time + R1 * h), fround(time + R2 * h)];
  const atFirst = await look(firstOrderStep(x, noise, time, first), first);
  const bend = -fromTime(second) * (R2 / R1) * (expm1(R2 * h) / (R2 * h) - 1);
  const toSecond = -fromTime(second) * expm1(R2 * h);
  const atSecond = await look(weightedSum([1, x], [toSecond - bend, noise], [bend, atFirst]), second);
  const curve = (-fromTime(end) / R2) * (expm1(h) / h - 1);
  const high = weightedSum([1, x], [-fromTime(end) * expm1(h) - curve, noise], [curve, atSecond]);
  return { low: secondOrderStep(x, noise, atFirst, R1, time, end), high };
}

/** The lowest level that is not 0: where these solvers, which can't go to 0, end. */
export function lastLevel(sigmas: Float32Array): number {
  return sigmas.at(-1) || sigmas.at(-2)!;
}
