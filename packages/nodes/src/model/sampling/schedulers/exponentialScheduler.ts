import { exponentialSigmas } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { float, int } from "../../../inputs.js";

export const exponentialScheduler = defineNode({
  type: "ExponentialScheduler",
  displayName: "ExponentialScheduler",
  category: "model/sampling/schedulers",
  description: "Noise levels each of which is the same part of the one before.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    steps: int({ default: 20, min: 1, max: 10000 }),
    sigma_max: float({ default: 14.614642, min: 0, max: 5000, step: 0.01, round: false, advanced: true }),
    sigma_min: float({ default: 0.0291675, min: 0, max: 5000, step: 0.01, round: false, advanced: true }),
  },
  outputs: { SIGMAS: "SIGMAS" },
  run: ({ steps, sigma_max, sigma_min }) => ({ SIGMAS: exponentialSigmas(steps, sigma_min, sigma_max) }),
});
