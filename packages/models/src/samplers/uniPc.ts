import type { Sampler } from "./sampler.js";
import { solveLinear } from "./solveLinear.js";
import { weightedSum } from "./weightedSum.js";

const MAX_ORDER = 3;
/** A final level of 0 has no log signal-to-noise ratio, so the walk ends here instead. */
const LAST_SIGMA = 0.001;

type Term = [coefficient: number, values: Float32Array];

interface Prediction {
  readonly lambda: number;
  readonly denoised: Float32Array;
}

/** B(h) of the paper: what a step's error terms are divided by. */
type StepScale = (h: number) => number;

/**
 * UniPC-p, a multistep predictor with a corrector that reuses the next step's model call: Zhao et al. 2023 (arXiv 2302.04867), in
 * data prediction, order 3 with lower orders at both ends, as the authors' multistep `bh1` and `bh2` (MIT). Works on x/sqrt(1 + σ²), where
 * alpha = 1/sqrt(1 + σ²). One model call a step.
 */
function unifiedPredictorCorrector(stepScale: StepScale): Sampler {
  return async ({ x: start, sigmas: given, denoise, onStep }) => {
    const sigmas = given.map((sigma, i) => (i === given.length - 1 && sigma === 0 ? LAST_SIGMA : sigma));
    const total = sigmas.length - 1;
    const order = Math.min(MAX_ORDER, sigmas.length - 2);
    const predict = async (x: Float32Array, sigma: number): Promise<Prediction> => {
      const noisy = weightedSum([Math.hypot(1, sigma), x]);
      return { lambda: -Math.log(sigma), denoised: await denoise(noisy, sigma) };
    };
    let x = weightedSum([1 / Math.hypot(1, sigmas[0]!), start]);
    /** Newest first. */
    const history: Prediction[] = [];
    for (let i = 0; i < total; i++) {
      const sigma = sigmas[i]!;
      if (i === 0) {
        history.push(await predict(x, sigma));
      } else {
        const step = planStep(stepScale, sigmas[i - 1]!, sigma, history.slice(0, Math.min(order, i, total + 1 - i)));
        const predicted = weightedSum(...step.predictor(x));
        const prediction = await predict(predicted, sigma);
        x = weightedSum(...step.corrector(x, prediction));
        history.unshift(prediction);
        history.splice(MAX_ORDER);
      }
      onStep(i, total, { x, denoised: history[0]!.denoised, sigma });
    }
    const last = planStep(stepScale, sigmas[total - 1]!, sigmas[total]!, history.slice(0, 1));
    x = weightedSum(...last.predictor(x));
    return weightedSum([Math.hypot(1, sigmas[total]!), x]);
  };
}

/** The terms of one step from `sigma` to `sigmaNext`; its order is the number of predictions it looks back on. */
function planStep(stepScale: StepScale, sigma: number, sigmaNext: number, past: readonly Prediction[]) {
  const order = past.length;
  const [newest] = past as [Prediction, ...Prediction[]];
  const h = -Math.log(sigmaNext) - newest.lambda;
  const scale = stepScale(-h);
  const alpha = 1 / Math.hypot(1, sigmaNext);
  const ratios = [...past.slice(1).map(({ lambda }) => (lambda - newest.lambda) / h), 1];
  const matrix = ratios.map((_, power) => ratios.map((ratio) => ratio ** power));
  const moments = phiMoments(-h, order).map((moment) => moment / scale);
  const firstOrder = (x: Float32Array): Term[] => [
    [(sigmaNext * alpha) / (sigma / Math.hypot(1, sigma)), x],
    [-alpha * Math.expm1(-h), newest.denoised],
  ];
  /** -alpha · B(h) · Σ weight · (D_k - D_0)/r_k over the older predictions. */
  const differences = (weights: readonly number[]): Term[] =>
    past.slice(1).flatMap(({ denoised }, k): Term[] => {
      const weight = (-alpha * scale * weights[k]!) / ratios[k]!;
      return [
        [weight, denoised],
        [-weight, newest.denoised],
      ];
    });
  return {
    predictor(x: Float32Array): Term[] {
      // At order 2 the authors take 1/2 for both, which is as accurate.
      const shrunk = matrix.slice(0, -1).map((row) => row.slice(0, -1));
      const weights = order === 2 ? [0.5] : solveLinear(shrunk, moments.slice(0, -1));
      return [...firstOrder(x), ...differences(weights)];
    },
    corrector(x: Float32Array, { denoised }: Prediction): Term[] {
      const weights = order === 1 ? [0.5] : solveLinear(matrix, moments);
      const weight = -alpha * scale * weights.at(-1)!;
      return [...firstOrder(x), ...differences(weights), [weight, denoised], [-weight, newest.denoised]];
    },
  };
}

/** k! · φ_{k+1}(h) · h^k … for k = 1 … count: the moments the weights must match. */
function phiMoments(h: number, count: number): number[] {
  let phi = Math.expm1(h) / h - 1;
  let factorial = 1;
  return Array.from({ length: count }, (_, k) => {
    const moment = phi * factorial;
    factorial *= k + 2;
    phi = phi / h - 1 / factorial;
    return moment;
  });
}

export const uniPc = unifiedPredictorCorrector((h) => h);
export const uniPcBh2 = unifiedPredictorCorrector(Math.expm1);
