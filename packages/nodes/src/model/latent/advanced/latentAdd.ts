import { defineNode } from "../../../defineNode.js";
import { wire } from "../../../inputs.js";
import { combineLatents } from "../fitLatent.js";

export const latentAdd = defineNode({
  type: "LatentAdd",
  displayName: "LatentAdd",
  category: "model/latent/advanced",
  description: "Adds two latents; the second takes the first one's size.",
  module: "comfy_extras.nodes_latent",
  inputs: { samples1: wire("LATENT"), samples2: wire("LATENT") },
  outputs: { LATENT: "LATENT" },
  run: ({ samples1, samples2 }, { memoryLimit }) => ({ LATENT: combineLatents(samples1, samples2, (a, b) => a + b, memoryLimit) }),
});
