import { dpmpp2mSdeWith } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { combo, float } from "../../../inputs.js";

export const samplerDpmpp2mSde = defineNode({
  type: "SamplerDPMPP_2M_SDE",
  displayName: "SamplerDPMPP_2M_SDE",
  category: "model/sampling/samplers",
  description: "DPM-Solver++(2M) SDE, with as much noise as wanted. Noise is the CPU's wherever it runs.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    solver_type: combo(["midpoint", "heun"]),
    eta: float({ default: 1, min: 0, max: 100, step: 0.01, round: false, advanced: true }),
    s_noise: float({ default: 1, min: 0, max: 100, step: 0.01, round: false, advanced: true }),
    noise_device: combo(["gpu", "cpu"], { advanced: true }),
  },
  outputs: { SAMPLER: "SAMPLER" },
  run: ({ solver_type, eta, s_noise }) => ({
    SAMPLER: { sample: dpmpp2mSdeWith({ solver: solver_type, eta, noiseScale: s_noise }) },
  }),
});
