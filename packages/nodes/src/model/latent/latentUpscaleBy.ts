import { roundHalfEven } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { float, wire } from "../../inputs.js";
import { latentMethods, resizeLatent } from "./latentMethods.js";

export const latentUpscaleBy = defineNode({
  type: "LatentUpscaleBy",
  displayName: "Upscale Latent By",
  category: "model/latent",
  description: "Resizes latents by a factor.",
  inputs: { samples: wire("LATENT"), upscale_method: latentMethods, scale_by: float({ default: 1.5, min: 0.01, max: 8, step: 0.01 }) },
  outputs: { LATENT: "LATENT" },
  run({ samples, upscale_method, scale_by }, { memoryLimit }) {
    const [, , height, width] = samples.shape;
    const scaled = (side: number): number => Math.max(1, roundHalfEven(side * scale_by));
    return { LATENT: resizeLatent(samples, scaled(height), scaled(width), upscale_method, "disabled", memoryLimit) };
  },
});
