import { karrasSigmas } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { float, int } from "../../../inputs.js";

export const karrasScheduler = defineNode({
  type: "KarrasScheduler",
  displayName: "KarrasScheduler",
  category: "model/sampling/schedulers",
  description: "Noise levels that are evenly spread in a root of the level: more of them where details are made.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    steps: int({ default: 20, min: 1, max: 10000 }),
    sigma_max: float({ default: 14.614642, min: 0, max: 5000, step: 0.01, round: false, advanced: true }),
    sigma_min: float({ default: 0.0291675, min: 0, max: 5000, step: 0.01, round: false, advanced: true }),
    rho: float({ default: 7, min: 0, max: 100, step: 0.01, round: false, advanced: true }),
  },
  outputs: { SIGMAS: "SIGMAS" },
  run: ({ steps, sigma_max, sigma_min, rho }) => ({ SIGMAS: karrasSigmas(steps, sigma_min, sigma_max, rho) }),
});
