import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

const { exp, min, sqrt } = Math;

const POINTS = 200;

/** φ(σ): how fast noise is replaced. */
type NoiseRate = (sigma: number) => number;

/** The paper's fifth choice. */
const usualRate: NoiseRate = (sigma) => sigma * (exp(sigma ** 0.3) + 10);
/** That of the usual reverse SDE with `eta` of its noise; with none, of the probability flow ODE. */
export const reverseSdeRate =
  (eta: number): NoiseRate =>
  (sigma) =>
    sigma ** (1 + eta);

export interface ErSdeOptions {
  readonly rate?: NoiseRate;
  /** 1 … 3 */
  readonly stages?: number;
  /** What the noise of each step is multiplied by; 0 for none. */
  readonly noiseScale?: number;
}

/**
 * ER-SDE-Solver-3, an extended reverse-time SDE with divided differences of the predictions: Cui et al. 2023 (arXiv 2309.06169), algorithm 3 for
 * variance-exploding processes. Its two integrals are left Riemann sums of 200 points. The step to 0 is D.
 */
export function erSdeWith({ rate = usualRate, stages: most = 3, noiseScale = 1 }: ErSdeOptions): Sampler {
  return async ({ x, sigmas, denoise, noise, onStep }) => {
    const total = sigmas.length - 1;
    const stepNoise = noiseScale > 0 ? noise.independent() : undefined;
    let last: { readonly denoised: Float32Array; readonly slope: Float32Array | undefined } | undefined;
    for (let i = 0; i < total; i++) {
      const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
      const denoised = await denoise(x, sigma);
      onStep(i, total, { x, denoised, sigma });
      if (next === 0) return denoised;
      const stages = min(most, i + 1);
      const scale = rate(next);
      const ratio = scale / rate(sigma);
      const terms: (readonly [number, Float32Array])[] = [
        [ratio, x],
        [1 - ratio, denoised],
      ];
      let slope: Float32Array | undefined;
      if (stages >= 2) {
        const dt = next - sigma;
        const { first, second } = integrals(rate, sigma, next);
        const gap = sigma - sigmas[i - 1]!;
        slope = weightedSum([1 / gap, denoised], [-1 / gap, last!.denoised]);
        terms.push([dt + first * scale, slope]);
        if (stages >= 3) {
          const half = (sigma - sigmas[i - 2]!) / 2;
          terms.push([dt ** 2 / 2 + second * scale, weightedSum([1 / half, slope], [-1 / half, last!.slope!])]);
        }
      }
      const deviation = sqrt(next ** 2 - sigma ** 2 * ratio ** 2) || 0;
      if (stepNoise) terms.push([deviation * noiseScale, stepNoise(sigma, next)]);
      x = weightedSum(...terms);
      last = { denoised, slope };
    }
    return x;
  };
}

export const erSde = erSdeWith({});

/** ∫ 1/φ and ∫ (s - σ)/φ(s) over s from `next` to `sigma`. */
function integrals(rate: NoiseRate, sigma: number, next: number): { readonly first: number; readonly second: number } {
  const width = (sigma - next) / POINTS;
  let [first, second] = [0, 0];
  for (let k = 0; k < POINTS; k++) {
    const at = next + k * width;
    first += width / rate(at);
    second += (width * (at - sigma)) / rate(at);
  }
  return { first, second };
}
