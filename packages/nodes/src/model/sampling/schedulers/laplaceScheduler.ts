import { laplaceSigmas } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { float, int } from "../../../inputs.js";

export const laplaceScheduler = defineNode({
  type: "LaplaceScheduler",
  displayName: "LaplaceScheduler",
  category: "model/sampling/schedulers",
  description: "Noise levels around one level, as a Laplace distribution spreads them.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    steps: int({ default: 20, min: 1, max: 10000 }),
    sigma_max: float({ default: 14.614642, min: 0, max: 5000, step: 0.01, round: false, advanced: true }),
    sigma_min: float({ default: 0.0291675, min: 0, max: 5000, step: 0.01, round: false, advanced: true }),
    mu: float({ default: 0, min: -10, max: 10, step: 0.1, round: false, advanced: true }),
    beta: float({ default: 0.5, min: 0, max: 10, step: 0.1, round: false, advanced: true }),
  },
  outputs: { SIGMAS: "SIGMAS" },
  run: ({ steps, sigma_max, sigma_min, mu, beta }) => ({ SIGMAS: laplaceSigmas(steps, sigma_min, sigma_max, mu, beta) }),
});
