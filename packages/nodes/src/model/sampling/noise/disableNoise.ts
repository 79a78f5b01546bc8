import { defineNode } from "../../../defineNode.js";

export const disableNoise = defineNode({
  type: "DisableNoise",
  displayName: "DisableNoise",
  category: "model/sampling/noise",
  description: "No noise: the latent has some already.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {},
  outputs: { NOISE: "NOISE" },
  run: () => ({ NOISE: { seed: 0n, isAdded: false } }),
});
