import { betaSigmas } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { float, int, wire } from "../../../inputs.js";

export const betaSamplingScheduler = defineNode({
  type: "BetaSamplingScheduler",
  displayName: "BetaSamplingScheduler",
  category: "model/sampling/schedulers",
  description: "Timesteps as a Beta distribution spreads them: with both parameters below 1, denser at both ends.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    model: wire("MODEL"),
    steps: int({ default: 20, min: 1, max: 10000 }),
    alpha: float({ default: 0.6, min: 0, max: 50, step: 0.01, round: false, advanced: true }),
    beta: float({ default: 0.6, min: 0, max: 50, step: 0.01, round: false, advanced: true }),
  },
  outputs: { SIGMAS: "SIGMAS" },
  run: ({ model, steps, alpha, beta }) => ({ SIGMAS: betaSigmas(model.sampling, steps, alpha, beta) }),
});
