import { vpSigmas } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { float, int } from "../../../inputs.js";

export const vpScheduler = defineNode({
  type: "VPScheduler",
  displayName: "VPScheduler",
  category: "model/sampling/schedulers",
  description: "Noise levels of the variance-preserving process, even in its time.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    steps: int({ default: 20, min: 1, max: 10000 }),
    beta_d: float({ default: 19.9, min: 0, max: 5000, step: 0.01, round: false, advanced: true }),
    beta_min: float({ default: 0.1, min: 0, max: 5000, step: 0.01, round: false, advanced: true }),
    eps_s: float({ default: 0.001, min: 0, max: 1, step: 0.0001, round: false, advanced: true }),
  },
  outputs: { SIGMAS: "SIGMAS" },
  run: ({ steps, beta_d, beta_min, eps_s }) => ({ SIGMAS: vpSigmas(steps, beta_d, beta_min, eps_s) }),
});
