import { seeds2With } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { combo, float } from "../../../inputs.js";

export const samplerSeeds2 = defineNode({
  type: "SamplerSEEDS2",
  displayName: "SamplerSEEDS2",
  category: "model/sampling/samplers",
  description: "SEEDS-2, an exponential SDE solver of two stages.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    solver_type: combo(["phi_1", "phi_2"]),
    eta: float({ default: 1, min: 0, max: 100, step: 0.01, round: false, advanced: true }),
    s_noise: float({ default: 1, min: 0, max: 100, step: 0.01, round: false, advanced: true }),
    r: float({ default: 0.5, min: 0.01, max: 1, step: 0.01, round: false, advanced: true }),
  },
  outputs: { SAMPLER: "SAMPLER" },
  run: ({ solver_type, eta, s_noise, r }) => ({
    SAMPLER: { sample: seeds2With({ solver: solver_type, eta, noiseScale: s_noise, r }) },
  }),
});
