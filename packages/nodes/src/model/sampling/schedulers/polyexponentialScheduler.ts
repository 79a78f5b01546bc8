import { polyexponentialSigmas } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { float, int } from "../../../inputs.js";

export const polyexponentialScheduler = defineNode({
  type: "PolyexponentialScheduler",
  displayName: "PolyexponentialScheduler",
  category: "model/sampling/schedulers",
  description: "Exponential noise levels, bent towards the start or the end by a power.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    steps: int({ default: 20, min: 1, max: 10000 }),
    sigma_max: float({ default: 14.614642, min: 0, max: 5000, step: 0.01, round: false, advanced: true }),
    sigma_min: float({ default: 0.0291675, min: 0, max: 5000, step: 0.01, round: false, advanced: true }),
    rho: float({ default: 1, min: 0, max: 100, step: 0.01, round: false, advanced: true }),
  },
  outputs: { SIGMAS: "SIGMAS" },
  run: ({ steps, sigma_max, sigma_min, rho }) => ({ SIGMAS: polyexponentialSigmas(steps, sigma_min, sigma_max, rho) }),
});
