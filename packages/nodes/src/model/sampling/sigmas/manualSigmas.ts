import { defineNode } from "../../../defineNode.js";
import { string } from "../../../inputs.js";

export const manualSigmas = defineNode({
  type: "ManualSigmas",
  displayName: "ManualSigmas",
  category: "model/sampling/sigmas",
  description: "Noise levels as they are written down.",
  experimental: true,
  module: "comfy_extras.nodes_custom_sampler",
  inputs: { sigmas: string({ default: "1, 0.5", multiline: false }) },
  outputs: { SIGMAS: "SIGMAS" },
  run: ({ sigmas }) => ({ SIGMAS: Float32Array.from(sigmas.match(/[-+]?(?:\d*\.*\d+)/g) ?? [], Number) }),
});
