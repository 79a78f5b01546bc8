import { defineNode } from "../../../defineNode.js";
import { float, wire } from "../../../inputs.js";

export const latentMultiply = defineNode({
  type: "LatentMultiply",
  displayName: "LatentMultiply",
  category: "model/latent/advanced",
  description: "Multiplies all values of a latent by a number.",
  module: "comfy_extras.nodes_latent",
  inputs: { samples: wire("LATENT"), multiplier: float({ default: 1, min: -10, max: 10, step: 0.01 }) },
  outputs: { LATENT: "LATENT" },
  run: ({ samples, multiplier }) => ({ LATENT: { ...samples, samples: samples.samples.map((value) => value * multiplier) } }),
});
