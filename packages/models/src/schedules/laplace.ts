import { linspace } from "./linspace.js";

const { abs, exp, log, max, min, sign } = Math;

/** Levels whose log signal-to-noise ratio follows a Laplace distribution: Hang et al. 2024, "Improved Noise Schedule for Diffusion Training". No 0 follows. */
export function laplaceSigmas(steps: number, sigmaMin: number, sigmaMax: number, mu: number, beta: number): Float32Array {
  return linspace(0, 1, steps).map((x) => {
    const level = exp(mu - beta * sign(0.5 - x) * log(1 - 2 * abs(0.5 - x) + 1e-5));
    return max(sigmaMin, min(sigmaMax, level));
  });
}
