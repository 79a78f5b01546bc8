import { eulerAncestralCfgPpWith } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { float } from "../../../inputs.js";

export const samplerEulerAncestralCfgPp = defineNode({
  type: "SamplerEulerAncestralCFGPP",
  displayName: "SamplerEulerAncestralCFG++",
  category: "model/sampling/samplers",
  description: "Euler steps with CFG++ and fresh noise, as much of it as wanted.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    eta: float({ default: 1, min: 0, max: 1, step: 0.01, round: false }),
    s_noise: float({ default: 1, min: 0, max: 10, step: 0.01, round: false }),
  },
  outputs: { SAMPLER: "SAMPLER" },
  run: ({ eta, s_noise }) => ({ SAMPLER: { sample: eulerAncestralCfgPpWith({ eta, noiseScale: s_noise }) } }),
});
