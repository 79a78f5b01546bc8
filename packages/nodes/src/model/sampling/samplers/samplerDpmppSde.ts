import { dpmppSdeWith } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { combo, float } from "../../../inputs.js";
import { NodeError } from "../../../nodeError.js";

export const samplerDpmppSde = defineNode({
  type: "SamplerDPMPP_SDE",
  displayName: "SamplerDPMPP_SDE",
  category: "model/sampling/samplers",
  description: "DPM-Solver++ (stochastic), with as much noise as wanted. Noise is the CPU's wherever it runs.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    eta: float({ default: 1, min: 0, max: 100, step: 0.01, round: false, advanced: true }),
    s_noise: float({ default: 1, min: 0, max: 100, step: 0.01, round: false, advanced: true }),
    r: float({ default: 0.5, min: 0, max: 100, step: 0.01, round: false, advanced: true }),
    noise_device: combo(["gpu", "cpu"], { advanced: true }),
  },
  outputs: { SAMPLER: "SAMPLER" },
  run: ({ eta, s_noise, r }) => {
    if (r === 0) throw new NodeError("NODE_INPUT_RANGE", `"r" is 0: the first stage must be past the start of a step, 0.5 is usual`);
    return { SAMPLER: { sample: dpmppSdeWith({ eta, noiseScale: s_noise, r }) } };
  },
});
