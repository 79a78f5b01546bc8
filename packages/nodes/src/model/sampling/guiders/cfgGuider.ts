import { cfgGuider } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { float, wire } from "../../../inputs.js";

export const cfgGuiderNode = defineNode({
  type: "CFGGuider",
  displayName: "CFG Guider",
  category: "model/sampling/guiders",
  description: "Guides a model towards one prompt and away from another.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    model: wire("MODEL"),
    positive: wire("CONDITIONING"),
    negative: wire("CONDITIONING"),
    cfg: float({ default: 8, min: 0, max: 100, step: 0.1, round: 0.01 }),
  },
  outputs: { GUIDER: "GUIDER" },
  run: (prompts) => ({ GUIDER: cfgGuider(prompts) }),
});
