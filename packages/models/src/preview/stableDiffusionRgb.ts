import type { LatentRgb } from "./latentRgb.js";

/**
 * The map for latents of Stable Diffusion 1 and 2, which share one autoencoder. Factors: InvokeAI (Apache-2.0, invokeai/app/util/step_callback.py),
 * where they came from "Decoding latents to RGB without upscaling" in the Hugging Face forum (thread 23204); they give -1..1, these 0..1.
 */
export const stableDiffusionRgb: LatentRgb = {
  factors: [
    [0.3444 / 2, 0.1385 / 2, 0.067 / 2],
    [0.1247 / 2, 0.4027 / 2, 0.1494 / 2],
    [-0.3192 / 2, 0.2513 / 2, 0.2103 / 2],
    [-0.1307 / 2, -0.1874 / 2, -0.7445 / 2],
  ],
  bias: [0.5, 0.5, 0.5],
};
