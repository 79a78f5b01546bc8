/** What a network's output means: the noise (eps), the velocity (v), or the clean latent itself (x0). */
export type PredictionType = "eps" | "v" | "x0";

/**
 * The noise process a model was trained on: its sigmas, how they map to the timesteps its network is given, and how latents
 * are mixed with noise and network outputs are read. All numbers are fp32 values; arrays are fp32, the whole batch at one sigma.
 */
export interface ModelSampling {
  readonly predictionType: PredictionType;
  /** Every training sigma, rising. */
  readonly sigmas: Float32Array;
  readonly sigmaMin: number;
  readonly sigmaMax: number;
  /** The noise level at a timestep, which may lie between two or outside the table. */
  sigma(timestep: number): number;
  /** The timestep the network is given for a noise level. */
  timestep(sigma: number): number;
  /** The noise level after a part of the way, 0 (before the start: about 1e9) to 1 (the end: 0). */
  percentToSigma(percent: number): number;
  /** The network's input for a noisy latent. */
  calculateInput(sigma: number, x: Float32Array): Float32Array;
  /** The clean latent D a network's output stands for, given the noisy latent x (not the network's scaled input). */
  calculateDenoised(sigma: number, output: Float32Array, x: Float32Array): Float32Array;
  /** The noisy latent to start from. `maxDenoise`: the first sigma is the model's largest, nothing of the latent is meant to remain. */
  noiseScaling(sigma: number, noise: Float32Array, latent: Float32Array, maxDenoise: boolean): Float32Array;
  /** The latent a sampler's result stands for at its last sigma. */
  inverseNoiseScaling(sigma: number, latent: Float32Array): Float32Array;
}
