/** How much noise a stochastic sampler adds. */
export interface StepNoiseOptions {
  /** Of the noise that the reverse SDE has: 0 is none, 1 as much. */
  readonly eta: number;
  /** What the noise of each step is multiplied by. */
  readonly noiseScale: number;
}

export const USUAL_NOISE: StepNoiseOptions = { eta: 1, noiseScale: 1 };
