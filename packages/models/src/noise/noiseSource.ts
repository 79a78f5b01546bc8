import { EngineError } from "@patchbay/engine";
import { BrownianTree } from "./brownianTree.js";
import { TorchGenerator } from "./torchGenerator.js";

/** Unit-variance noise for the step from one sigma to a lower one: fp32, the size of the whole batch. */
export type StepNoise = (sigma: number, sigmaNext: number) => Float32Array;

/** Where a sampler takes the noise of its steps from. Each method starts a stream of its own, from its beginning. */
export interface NoiseSource {
  /** Independent noise for each call, in call order: a generator of its own seeded with seed + 1. @throws MODEL_SEED_OVERFLOW */
  independent(): StepNoise;
  /** Noise from one Brownian path over [sigmaMin, sigmaMax], so that noise for an interval doesn't depend on how it is split. */
  brownian(sigmaMin: number, sigmaMax: number): StepNoise;
}

/**
 * The noise of sampler steps for a seed and a latent, as ComfyUI on the CPU draws it.
 *
 * @param seed 0 … 2^64 - 1. `independent` refuses the largest.
 * @param count values of the whole batch
 */
export function seededNoise(seed: bigint, count: number): NoiseSource {
  return {
    independent() {
      // seed + 1 keeps a step's noise from equalling the initial noise.
      const generator = nextGenerator(seed);
      return () => generator.randn(count);
    },
    brownian(sigmaMin, sigmaMax) {
      const tree = new BrownianTree(sigmaMin, sigmaMax, count, seed);
      return (sigma, sigmaNext) => {
        const increment = tree.increment(sigmaNext, sigma);
        // Minus: the path runs in falling sigma.
        const scale = -Math.fround(Math.sqrt(Math.fround(sigma - sigmaNext)));
        return increment.map((value) => value / scale);
      };
    },
  };
}

/**
 * The generator of seed + 1, for noise that must not equal the initial noise.
 * @throws MODEL_SEED_OVERFLOW for 2^64 - 1, which has no successor
 */
export function nextGenerator(seed: bigint): TorchGenerator {
  if (seed === 2n ** 64n - 1n)
    throw new EngineError(
      "MODEL_SEED_OVERFLOW",
      `Cannot draw step noise for the seed ${seed}: it is seeded with seed + 1 here, so the largest seed that works is ${seed - 1n}.`,
    );
  return new TorchGenerator(seed + 1n);
}
