import { defineNode } from "../../../defineNode.js";
import { wideInt } from "../../../inputs.js";

export const randomNoise = defineNode({
  type: "RandomNoise",
  displayName: "RandomNoise",
  category: "model/sampling/noise",
  description: "Noise of a seed.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: { noise_seed: wideInt({ default: 0, min: 0, max: 2n ** 64n - 1n, control_after_generate: true }) },
  outputs: { NOISE: "NOISE" },
  run: ({ noise_seed }) => ({ NOISE: { seed: noise_seed, isAdded: true } }),
});
