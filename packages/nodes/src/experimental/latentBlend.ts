import { defineNode } from "../defineNode.js";
import { float, wire } from "../inputs.js";
import { fitBatch, fitSize } from "../model/latent/fitLatent.js";

export const latentBlend = defineNode({
  type: "LatentBlend",
  displayName: "Latent Blend",
  category: "experimental",
  description: "Mixes two latents: the factor is the share of the first one. The second takes the first one's size.",
  inputs: {
    samples1: wire("LATENT"),
    samples2: wire("LATENT"),
    blend_factor: float({ default: 0.5, min: 0, max: 1, step: 0.01 }),
  },
  outputs: { LATENT: "LATENT" },
  run({ samples1, samples2, blend_factor }, { memoryLimit }) {
    const second = fitBatch(fitSize(samples2, samples1, "bicubic", memoryLimit), samples1.shape[0], memoryLimit);
    const mixed = samples1.samples.map((value, i) => value * blend_factor + second.samples[i]! * (1 - blend_factor));
    return { LATENT: { ...samples1, samples: mixed } };
  },
});
