import { lmsOfOrder } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { int } from "../../../inputs.js";

export const samplerLms = defineNode({
  type: "SamplerLMS",
  displayName: "SamplerLMS",
  category: "model/sampling/samplers",
  description: "Linear multistep of any order.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: { order: int({ default: 4, min: 1, max: 100, advanced: true }) },
  outputs: { SAMPLER: "SAMPLER" },
  run: ({ order }) => ({ SAMPLER: { sample: lmsOfOrder(order) } }),
});
