import { EngineError } from "@patchbay/engine";
import { linspace64 } from "./linspace.js";
import type { ModelSampling, PredictionType } from "./modelSampling.js";

const { fround } = Math;

/** Before the start of sampling: above every sigma. */
const SIGMA_BEFORE_START = 999999999.9;

/** The last cumulative alpha of a zero-terminal-SNR table, so that its sigma stays finite (4518.76). */
const LAST_ZERO_SNR_ALPHA = 4.8973451890853435e-8;

export interface DiscreteSamplingOptions {
  readonly predictionType?: PredictionType;
  /** Rescale the table so that its last step is (almost) pure noise: Lin et al. 2023, "Common Diffusion Noise Schedules…", algorithm 1. */
  readonly zeroTerminalSnr?: boolean;
  /** Ends and length of the "scaled linear" beta table; Stable Diffusion's by default. */
  readonly betaStart?: number;
  readonly betaEnd?: number;
  readonly steps?: number;
}

/**
 * The variance-exploding view of a discrete-time DDPM (Ho et al. 2020; Karras et al. 2022, appendix C): sigma = sqrt((1 - a) / a) for the
 * cumulative alphas a of betas that are linear in their square root. The network only ever sees whole timesteps.
 *
 * @throws MODEL_SAMPLING for a table that isn't one
 */
export function discreteSampling(options: DiscreteSamplingOptions = {}): ModelSampling {
  const { predictionType = "eps", zeroTerminalSnr = false, betaStart = 0.00085, betaEnd = 0.012, steps = 1000 } = options;
  if (!(betaStart > 0 && betaEnd >= betaStart && betaEnd < 1) || !Number.isInteger(steps) || steps < 2 || steps > 100_000)
    throw new EngineError(
      "MODEL_SAMPLING",
      `Cannot build a noise table from beta_start ${betaStart}, beta_end ${betaEnd}, ${steps} steps: 0 < start ≤ end < 1 and 2 … 100000 steps are right.`,
    );
  let alphas = cumulativeAlphas(betaStart, betaEnd, steps);
  if (zeroTerminalSnr) alphas = rescaleToZeroSnr(alphas);
  const exact = alphas.map((alpha) => Math.sqrt((1 - alpha) / alpha));
  return fromTable(exact, predictionType, 1);
}

/** Every so many of the training timesteps a latent consistency model was distilled at. */
const DISTILLED = 20;

/**
 * Of a latent consistency model: 50 of the 1000 levels, and D = c_out·(x - ε·σ) + c_skip·x with the boundary conditions of consistency models (Song
 * et al. 2023; Luo et al. 2023, arXiv 2310.04378), timesteps scaled by 10 and σ_data 0.5.
 */
export function lcmSampling({ zeroTerminalSnr = false }: Pick<DiscreteSamplingOptions, "zeroTerminalSnr"> = {}): ModelSampling {
  const all = Float64Array.from(discreteSampling({ zeroTerminalSnr }).sigmas);
  const base = fromTable(
    all.filter((_, i) => i % DISTILLED === DISTILLED - 1),
    "eps",
    DISTILLED,
  );
  return {
    ...base,
    calculateDenoised(value, output, x) {
      const scaled = 10 * base.timestep(value);
      const square = scaled ** 2 + 0.25;
      const denoised = base.calculateDenoised(value, output, x);
      return denoised.map((element, i) => (element * scaled) / Math.sqrt(square) + (x[i]! * 0.25) / square);
    },
  };
}

function cumulativeAlphas(betaStart: number, betaEnd: number, steps: number): Float64Array {
  let product = 1;
  return linspace64(Math.sqrt(betaStart), Math.sqrt(betaEnd), steps).map((root) => (product *= 1 - root * root));
}

function rescaleToZeroSnr(alphas: Float64Array): Float64Array {
  const roots = alphas.map(Math.sqrt);
  const first = roots[0]!;
  const last = roots.at(-1)!;
  const rescaled = roots.map((root) => (((root - last) * first) / (first - last)) ** 2);
  rescaled[rescaled.length - 1] = LAST_ZERO_SNR_ALPHA;
  return rescaled;
}

/** `every`: how many timesteps lie between two levels; each has the last of its own. */
function fromTable(exact: Float64Array, predictionType: PredictionType, every: number): ModelSampling {
  const sigmas = Float32Array.from(exact);
  const logSigmas = Float32Array.from(exact, Math.log);
  const last = sigmas.length - 1;
  const sigma = (timestep: number): number => {
    const t = fround(Math.min(Math.max((timestep - (every - 1)) / every, 0), last));
    const low = Math.floor(t);
    const weight = fround(t - low);
    const log = fround(fround(fround(1 - weight) * logSigmas[low]!) + fround(weight * logSigmas[Math.ceil(t)]!));
    return fround(Math.exp(log));
  };
  return {
    predictionType,
    sigmas,
    sigmaMin: sigmas[0]!,
    sigmaMax: sigmas[last]!,
    sigma,
    timestep(value) {
      // Sigmas half-way between two timesteps are common, so the side taken must be torch's: fp32 distances, first minimum.
      const log = fround(Math.log(value));
      let nearest = 0;
      let least = Infinity;
      for (let i = 0; i <= last; i++) {
        const distance = Math.abs(fround(log - logSigmas[i]!));
        if (distance < least) [nearest, least] = [i, distance];
      }
      return nearest * every + every - 1;
    },
    percentToSigma(percent) {
      if (percent <= 0) return SIGMA_BEFORE_START;
      if (percent >= 1) return 0;
      return sigma((1 - percent) * (sigmas.length * every - 1));
    },
    calculateInput(value, x) {
      const root = fround(Math.sqrt(fround(fround(value * value) + 1)));
      return x.map((element) => element / root);
    },
    calculateDenoised(value, output, x) {
      if (predictionType === "x0") return output.slice();
      if (predictionType === "eps") return x.map((element, i) => element - fround(output[i]! * value));
      const square = fround(fround(value * value) + 1);
      const root = fround(Math.sqrt(square));
      return x.map((element, i) => fround(element / square) - fround(fround(output[i]! * value) / root));
    },
    noiseScaling(value, noise, latent, maxDenoise) {
      const scale = maxDenoise ? fround(Math.sqrt(fround(1 + fround(value * value)))) : fround(value);
      return noise.map((element, i) => fround(element * scale) + latent[i]!);
    },
    inverseNoiseScaling(_sigma, latent) {
      return latent;
    },
  };
}
