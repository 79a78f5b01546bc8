import { samplers } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { samplerName } from "../samplerInputs.js";

export const kSamplerSelect = defineNode({
  type: "KSamplerSelect",
  displayName: "KSamplerSelect",
  category: "model/sampling/samplers",
  description: "A sampler by its name.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: { sampler_name: samplerName },
  outputs: { SAMPLER: "SAMPLER" },
  run: ({ sampler_name }) => ({ SAMPLER: samplers[sampler_name] }),
});
