import { eulerAncestralWith } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { float } from "../../../inputs.js";

export const samplerEulerAncestral = defineNode({
  type: "SamplerEulerAncestral",
  displayName: "SamplerEulerAncestral",
  category: "model/sampling/samplers",
  description: "Euler steps with fresh noise, as much of it as wanted.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    eta: float({ default: 1, min: 0, max: 100, step: 0.01, round: false, advanced: true }),
    s_noise: float({ default: 1, min: 0, max: 100, step: 0.01, round: false, advanced: true }),
  },
  outputs: { SAMPLER: "SAMPLER" },
  run: ({ eta, s_noise }) => ({ SAMPLER: { sample: eulerAncestralWith({ eta, noiseScale: s_noise }) } }),
});
