import type { Sampler } from "./sampler.js";
import { solveLinear } from "./solveLinear.js";
import { weightedSum } from "./weightedSum.js";

const { exp, expm1, fround, log, sqrt } = Math;

const MAX_ORDER = 3;
/** A final level of 0 has no log signal-to-noise ratio, so the walk ends here instead. */
const LAST_SIGMA = 0.001;

type Term = [coefficient: number, values: Float32Array];

/** One noise level in variance-preserving terms: the latent there is alpha · clean + std · noise, and lambda = ln(alpha / std). */
interface Level {
  readonly sigma: number;
  /** sqrt(σ² + 1): from variance-preserving to the scale samplers otherwise work in. */
  readonly scale: number;
  readonly alpha: number;
  readonly std: number;
  readonly lambda: number;
}

interface Prediction {
  readonly level: Level;
  readonly denoised: Float32Array;
}

/** In fp32 by way of ln alpha, as the authors do: std loses digits at low levels, and results show it. */
function levelAt(sigma: number): Level {
  const variance = fround(fround(sigma * sigma) + 1);
  const logAlpha = fround(0.5 * fround(log(fround(1 / variance))));
  const rest = fround(1 - fround(exp(fround(2 * logAlpha))));
  return {
    sigma,
    scale: fround(sqrt(variance)),
    alpha: fround(exp(logAlpha)),
    std: fround(sqrt(rest)),
    lambda: fround(logAlpha - fround(0.5 * fround(log(rest)))),
  };
}

/** B(h) of the paper: what a step's error terms are divided by. */
type StepScale = (h: number) => number;

/**
 * UniPC-p, a multistep predictor with a corrector that reuses the next step's model call: Zhao et al. 2023 (arXiv 2302.04867), in
 * data prediction, order 3 with lower orders at both ends, as the authors' multistep `bh1` and `bh2`. One model call a step. A single
 * step has order 0: its model call is made, and the scaled-down start comes back.
 */
function unifiedPredictorCorrector(stepScale: StepScale): Sampler {
  return async ({ x: start, sigmas: given, denoise, onStep }) => {
    const levels = Array.from(given, (sigma, i) => levelAt(i === given.length - 1 && sigma === 0 ? fround(LAST_SIGMA) : sigma));
    const total = levels.length - 1;
    const order = Math.min(MAX_ORDER, total - 1);
    const predict = async (x: Float32Array, level: Level): Promise<Prediction> => {
      const { sigma, scale, alpha, std } = level;
      const denoised = await denoise(weightedSum([scale, x]), sigma);
      // Through the noise prediction (x·scale - D)/σ and back, with the rounded std.
      const share = std / (sigma * alpha);
      return { level, denoised: weightedSum([1 / alpha - share * scale, x], [share, denoised]) };
    };
    let x = weightedSum([1 / levels[0]!.scale, start]);
    let newest = await predict(x, levels[0]!);
    /** Newest first. */
    const history = [newest];
    onStep(0, total, { x: start, denoised: newest.denoised, sigma: newest.level.sigma });
    // Order 0: nothing to step with.
    const steps = order > 0 ? total : 0;
    for (let i = 1; i <= steps; i++) {
      const level = levels[i]!;
      const step = planStep(stepScale, level, history.slice(0, Math.min(order, i, total + 1 - i)));
      const predicted = weightedSum(...step.predictor(x));
      if (i === total) {
        x = predicted;
        break;
      }
      newest = await predict(predicted, level);
      x = weightedSum(...step.corrector(x, newest));
      history.unshift(newest);
      history.splice(MAX_ORDER);
      onStep(i, total, { x: weightedSum([level.scale, x]), denoised: newest.denoised, sigma: level.sigma });
    }
    return weightedSum([1 / levels[total]!.alpha, x]);
  };
}

/** The terms of one step to `next`; its order is the number of predictions it looks back on, newest first. */
function planStep(stepScale: StepScale, next: Level, past: readonly Prediction[]) {
  const order = past.length;
  const [newest] = past as [Prediction, ...Prediction[]];
  const { level } = newest;
  const h = fround(next.lambda - level.lambda);
  const scale = fround(stepScale(-h));
  const ratios = [...past.slice(1).map((older) => fround(fround(older.level.lambda - level.lambda) / h)), 1];
  const matrix = ratios.map((_, power) => ratios.map((ratio) => ratio ** power));
  const moments = phiMoments(-h, order).map((moment) => moment / scale);
  const firstOrder = (x: Float32Array): Term[] => [
    [next.std / level.std, x],
    [-next.alpha * fround(expm1(-h)), newest.denoised],
  ];
  /** -alpha · B(h) · Σ weight · (D_k - D_0)/r_k over the older predictions. */
  const differences = (weights: readonly number[]): Term[] =>
    past.slice(1).flatMap(({ denoised }, k): Term[] => {
      const weight = (-next.alpha * scale * weights[k]!) / ratios[k]!;
      return [
        [weight, denoised],
        [-weight, newest.denoised],
      ];
    });
  return {
    predictor(x: Float32Array): Term[] {
      // At order 2 the authors take 1/2 for both scales, which is as accurate.
      const shrunk = matrix.slice(0, -1).map((row) => row.slice(0, -1));
      const weights = order === 2 ? [0.5] : solveLinear(shrunk, moments.slice(0, -1));
      return [...firstOrder(x), ...differences(weights)];
    },
    corrector(x: Float32Array, { denoised }: Prediction): Term[] {
      const weights = order === 1 ? [0.5] : solveLinear(matrix, moments);
      const weight = -next.alpha * scale * weights.at(-1)!;
      return [...firstOrder(x), ...differences(weights), [weight, denoised], [-weight, newest.denoised]];
    },
  };
}

/** k! · φ_{k+1}(h) for k = 1 … count: the moments the weights must match. */
function phiMoments(h: number, count: number): number[] {
  let phi = expm1(h) / h - 1;
  let factorial = 1;
  return Array.from({ length: count }, (_, k) => {
    const moment = phi * factorial;
    factorial *= k + 2;
    phi = phi / h - 1 / factorial;
    return moment;
  });
}

export const uniPc = unifiedPredictorCorrector((h) => h);
export const uniPcBh2 = unifiedPredictorCorrector(expm1);
