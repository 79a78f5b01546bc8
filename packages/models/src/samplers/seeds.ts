import { fromTime, toTime } from "./logSigma.js";
import type { Sampler } from "./sampler.js";
import { USUAL_NOISE, type StepNoiseOptions } from "./stepNoise.js";
import { weightedSum } from "./weightedSum.js";

// SEEDS: exponential SDE solvers with one Runge-Kutta step for each step of the schedule. Gonzalez et al. 2023 (arXiv 2305.14267), in data
// prediction and the time λ = -ln σ; with eta 0 they solve the probability flow ODE. Exponential Runge-Kutta methods: Hochbruck and Ostermann,
// "Exponential integrators", 2010.

const { exp, expm1, fround, sqrt } = Math;

/** h·φ₁(h) and h·φ₂(h). */
const phi1 = (h: number): number => expm1(h);
const phi2 = (h: number): number => (expm1(h) - h) / h;

interface Stage {
  /** The part of the step at whose end it is. */
  readonly at: number;
  /** What the predictions so far weigh, given (1 + eta)·h. */
  readonly weights: (h: number) => readonly number[];
}

/** Two stages; the first looks at the part `r` of the way. Order 1 weighs the predictions so that they are right at the middle. */
function twoStages(r: number, order: 1 | 2): readonly Stage[] {
  const last = (h: number): readonly number[] => {
    const later = order === 2 ? phi2(-h) / r : phi1(-h) / (2 * r);
    return [phi1(-h) - later, later];
  };
  return [
    { at: r, weights: (h) => [phi1(-r * h)] },
    { at: 1, weights: last },
  ];
}

const [R1, R2] = [1 / 3, 2 / 3];
const threeStages: readonly Stage[] = [
  { at: R1, weights: (h) => [phi1(-R1 * h)] },
  {
    at: R2,
    weights(h) {
      const later = (R2 / R1) * phi2(-R2 * h);
      return [phi1(-R2 * h) - later, later];
    },
  },
  {
    at: 1,
    weights(h) {
      const latest = phi2(-h) / R2;
      return [phi1(-h) - latest, 0, latest];
    },
  },
];

function exponentialRungeKutta(stages: readonly Stage[], { eta, noiseScale }: StepNoiseOptions): Sampler {
  return async ({ x, sigmas, denoise, noise, onStep }) => {
    const total = sigmas.length - 1;
    const stepNoise = eta > 0 && noiseScale > 0 ? noise.independent() : undefined;
    for (let i = 0; i < total; i++) {
      const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
      const predictions = [await denoise(x, sigma)];
      onStep(i, total, { x, denoised: predictions[0]!, sigma });
      if (next === 0) return predictions[0]!;
      const start = x;
      const time = toTime(sigma);
      const h = fround(toTime(next) - time);
      let [level, at] = [sigma, 0];
      /** What the noise drawn since the step began adds up to, of unit variance where the whole of it counts. */
      let drawn: Float32Array | undefined;
      for (const stage of stages) {
        const isLast = stage === stages.at(-1);
        const target = isLast ? next : fromTime(fround(time + stage.at * h));
        if (stepNoise) {
          const way = (stage.at - at) * h * eta;
          const fresh = stepNoise(level, target);
          const gain = sqrt(-expm1(-2 * way));
          drawn = drawn ? weightedSum([exp(-way), drawn], [gain, fresh]) : weightedSum([gain, fresh]);
        }
        const weights = stage.weights((1 + eta) * h);
        x = weightedSum(
          [(target / sigma) * exp(-stage.at * h * eta), start],
          ...predictions.map((prediction, k) => [-weights[k]!, prediction] as const),
          ...(drawn ? [[target * noiseScale, drawn] as const] : []),
        );
        [level, at] = [target, stage.at];
        if (!isLast) predictions.push(await denoise(x, target));
      }
    }
    return x;
  };
}

/** Two stages, the first at the part `r` of a step; `phi_1` of the first order in its weights, `phi_2` of the second. */
export function seeds2With({
  solver,
  r,
  ...noise
}: StepNoiseOptions & { readonly solver: "phi_1" | "phi_2"; readonly r: number }): Sampler {
  return exponentialRungeKutta(twoStages(r, solver === "phi_2" ? 2 : 1), noise);
}

/** SEEDS-2, its first stage half-way. */
export const seeds2 = seeds2With({ ...USUAL_NOISE, solver: "phi_1", r: 0.5 });
/** SEEDS-3. */
export const seeds3 = exponentialRungeKutta(threeStages, USUAL_NOISE);
/** The exponential Heun method in data prediction. */
export const expHeun2X0 = seeds2With({ eta: 0, noiseScale: 0, solver: "phi_2", r: 1 });
/** The same as an SDE solver. */
export const expHeun2X0Sde = seeds2With({ ...USUAL_NOISE, solver: "phi_2", r: 1 });
