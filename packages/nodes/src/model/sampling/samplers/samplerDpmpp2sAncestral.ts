import { dpmpp2sAncestralWith } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { float } from "../../../inputs.js";

export const samplerDpmpp2sAncestral = defineNode({
  type: "SamplerDPMPP_2S_Ancestral",
  displayName: "SamplerDPMPP_2S_Ancestral",
  category: "model/sampling/samplers",
  description: "DPM-Solver++(2S) with fresh noise, as much of it as wanted.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    eta: float({ default: 1, min: 0, max: 100, step: 0.01, round: false }),
    s_noise: float({ default: 1, min: 0, max: 100, step: 0.01, round: false }),
  },
  outputs: { SAMPLER: "SAMPLER" },
  run: ({ eta, s_noise }) => ({ SAMPLER: { sample: dpmpp2sAncestralWith({ eta, noiseScale: s_noise }) } }),
});
