import { toTime } from "./logSigma.js";
import type { Sampler } from "./sampler.js";
import { solveLinear } from "./solveLinear.js";
import { weightedSum } from "./weightedSum.js";

const { exp, expm1, min, sqrt } = Math;

export interface SaSolverOptions {
  /** τ where noise is added: 1 has as much as the reverse SDE. */
  readonly eta?: number;
  /** The parts of the way between which noise is added. */
  readonly noiseFrom?: number;
  readonly noiseTo?: number;
  readonly noiseScale?: number;
  /** 1 … 6 */
  readonly predictorOrder?: number;
  /** 0 … 6; 0 never corrects. */
  readonly correctorOrder?: number;
  /** Calls the network again after each correction (PECE). */
  readonly evaluatesTwice?: boolean;
}

/**
 * SA-Solver, a stochastic Adams method in data prediction: a predictor of third order, a corrector of fourth, as much noise as the reverse SDE has
 * (τ = 1) in the middle of the way and none (τ = 0) at its ends. Xue et al. 2023 (arXiv 2309.05019), algorithm 1.
 */
export function saSolverWith(options: SaSolverOptions): Sampler {
  const { eta = 1, noiseFrom = 0.2, noiseTo = 0.8, noiseScale = 1, evaluatesTwice = false } = options;
  const { predictorOrder: mostPredictor = 3, correctorOrder: mostCorrector = 4 } = options;
  const kept = Math.max(mostPredictor, mostCorrector);
  return async ({ x, sigmas, denoise, noise, sampling, onStep }) => {
    const total = sigmas.length - 1;
    const stepNoise = noise.independent();
    const times = Array.from(sigmas, toTime);
    const [noisiest, cleanest] = [sampling.percentToSigma(noiseFrom), sampling.percentToSigma(noiseTo)];
    const endsAtZero = sigmas[total] === 0;
    const predictions: Float32Array[] = [];
    let predicted = x;
    let tau = 0;
    let drawn: readonly [number, Float32Array] | undefined;

    /** From level `from` to level `to`, by the last predictions, which belong to the levels up to `newest`. */
    const step = (from: number, to: number, newest: number, order: number, start: Float32Array): Float32Array => {
      const nodes = times.slice(newest - order + 1, newest + 1);
      const weights = adamsWeights(nodes, times[from]!, times[to]!, tau);
      const decay = (sigmas[to]! / sigmas[from]!) * exp(-(tau ** 2) * (times[to]! - times[from]!));
      const used = predictions.slice(-order);
      return weightedSum(
        [decay, start],
        ...used.map((prediction, k) => [sigmas[to]! * weights[k]!, prediction] as const),
        ...(drawn ? [drawn] : []),
      );
    };

    for (let i = 0; i < total; i++) {
      const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
      let denoised = await denoise(predicted, sigma);
      onStep(i, total, { x: predicted, denoised, sigma });
      predictions.push(denoised);
      predictions.splice(0, predictions.length - kept);
      const corrects = i > 0 && (next > 0 || evaluatesTwice);
      const correctorOrder = min(mostCorrector, predictions.length, endsAtZero ? total - i : Infinity);
      if (corrects && correctorOrder > 0) {
        x = step(i - 1, i, i, correctorOrder, x);
        if (evaluatesTwice) {
          denoised = await denoise(x, sigma);
          predictions[predictions.length - 1] = denoised;
        }
      } else {
        x = predicted;
      }
      if (next === 0) return denoised;
      tau = next <= noisiest && next >= cleanest ? eta : 0;
      const deviation = next * sqrt(-expm1(-2 * tau ** 2 * (times[i + 1]! - times[i]!))) * noiseScale;
      drawn = deviation > 0 ? [deviation, stepNoise(sigma, next)] : undefined;
      const predictorOrder = min(mostPredictor, predictions.length, endsAtZero ? total - 1 - i : Infinity);
      predicted = step(i, i + 1, i, predictorOrder, x);
    }
    return predicted;
  };
}

export const saSolver = saSolverWith({});
export const saSolverPece = saSolverWith({ evaluatesTwice: true });

/**
 * What predictions at `nodes` weigh in (1 + τ²) e^(-τ² b) ∫ e^((1 + τ²) λ) D(λ) dλ over λ from a to b, D the polynomial through them: the weights that
 * are right for every power of λ - b up to their number.
 */
function adamsWeights(nodes: readonly number[], a: number, b: number, tau: number): number[] {
  const rate = 1 + tau ** 2;
  const moments = exponentialMoments(rate, a - b, nodes.length);
  const powers = nodes.map((_, power) => nodes.map((node) => (node - b) ** power));
  const weights = solveLinear(powers, moments);
  return weights.map((weight) => rate * exp(b) * weight);
}

/** ∫ e^(rate·s) s^power ds over s from `start` to 0, for the first powers: by parts. */
function exponentialMoments(rate: number, start: number, count: number): number[] {
  const moments = [-expm1(rate * start) / rate];
  for (let power = 1; power < count; power++) {
    moments.push((-exp(rate * start) * start ** power - power * moments[power - 1]!) / rate);
  }
  return moments;
}
