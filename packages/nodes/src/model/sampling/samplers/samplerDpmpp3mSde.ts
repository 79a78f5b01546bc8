import { dpmpp3mSdeWith } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { combo, float } from "../../../inputs.js";

export const samplerDpmpp3mSde = defineNode({
  type: "SamplerDPMPP_3M_SDE",
  displayName: "SamplerDPMPP_3M_SDE",
  category: "model/sampling/samplers",
  description: "DPM-Solver++(3M) SDE, with as much noise as wanted. Noise is the CPU's wherever it runs.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    eta: float({ default: 1, min: 0, max: 100, step: 0.01, round: false, advanced: true }),
    s_noise: float({ default: 1, min: 0, max: 100, step: 0.01, round: false, advanced: true }),
    noise_device: combo(["gpu", "cpu"], { advanced: true }),
  },
  outputs: { SAMPLER: "SAMPLER" },
  run: ({ eta, s_noise }) => ({ SAMPLER: { sample: dpmpp3mSdeWith({ eta, noiseScale: s_noise }) } }),
});
