import { EngineError } from "@patchbay/engine";
import { linspace } from "./linspace.js";
import type { ModelSampling } from "./modelSampling.js";

const { atan, exp, fround, log, sqrt, tan, PI } = Math;

/** Levels of its table, for schedules that take them from one. */
const LEVELS = 1000;
const SIGMA_BEFORE_START = 999999999.9;

export interface ContinuousSamplingOptions {
  /** "edm" is a velocity of the other sign. */
  readonly predicts: "eps" | "v" | "edm";
  readonly sigmaMin: number;
  readonly sigmaMax: number;
  /** Standard deviation of the data. */
  readonly sigmaData: number;
  /** What the network is given as its timestep: ln(σ)/4, or 2·atan(σ)/π. */
  readonly timesteps: "log" | "angle";
}

/**
 * A continuous range of levels: Karras et al. 2022 (arXiv 2206.00364), table 1, and the velocity of Salimans and Ho 2022 in its terms.
 * @throws MODEL_SAMPLING when the levels don't rise from above 0
 */
export function continuousSampling({ predicts, sigmaMin, sigmaMax, sigmaData, timesteps }: ContinuousSamplingOptions): ModelSampling {
  if (!(sigmaMin > 0 && sigmaMax > sigmaMin))
    throw new EngineError(
      "MODEL_SAMPLING",
      `Cannot sample from ${sigmaMax} to ${sigmaMin}: sigma_min must be above 0, and sigma_max above it.`,
    );
  const square = sigmaData ** 2;
  return {
    predictionType: predicts === "eps" ? "eps" : "v",
    sigmas: linspace(log(sigmaMin), log(sigmaMax), LEVELS).map(exp),
    sigmaMin: fround(sigmaMin),
    sigmaMax: fround(sigmaMax),
    sigma: (timestep) => fround(timesteps === "log" ? exp(timestep / 0.25) : tan((timestep * PI) / 2)),
    timestep: (sigma) => fround(timesteps === "log" ? 0.25 * log(sigma) : (atan(sigma) / PI) * 2),
    percentToSigma(percent) {
      if (percent <= 0) return SIGMA_BEFORE_START;
      if (percent >= 1) return 0;
      return exp((log(sigmaMax) - log(sigmaMin)) * (1 - percent) + log(sigmaMin));
    },
    calculateInput(sigma, x) {
      const root = sqrt(sigma ** 2 + square);
      return x.map((value) => value / root);
    },
    calculateDenoised(sigma, output, x) {
      if (predicts === "eps") return x.map((value, i) => value - output[i]! * sigma);
      const sum = sigma ** 2 + square;
      const gain = ((predicts === "edm" ? 1 : -1) * sigma * sigmaData) / sqrt(sum);
      return x.map((value, i) => (value * square) / sum + output[i]! * gain);
    },
    noiseScaling(sigma, noise, latent, maxDenoise) {
      const scale = maxDenoise ? sqrt(1 + sigma ** 2) : sigma;
      return noise.map((value, i) => value * scale + latent[i]!);
    },
    inverseNoiseScaling: (_sigma, latent) => latent,
  };
}
