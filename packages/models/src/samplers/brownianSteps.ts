import type { NoiseSource, StepNoise } from "../noise/index.js";

/** The Brownian path of one sampler call: from its smallest level above 0 to its largest. */
export function brownianSteps(noise: NoiseSource, sigmas: Float32Array): StepNoise {
  const positive = sigmas.filter((sigma) => sigma > 0);
  return noise.brownian(Math.min(...positive), Math.max(...positive));
}
