import { rescaleCfg } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { float, wire } from "../../inputs.js";

export const rescaleCfgNode = defineNode({
  type: "RescaleCFG",
  displayName: "RescaleCFG",
  category: "model/patch",
  description: "Keeps guidance from making pictures too bright and saturated.",
  module: "comfy_extras.nodes_model_advanced",
  inputs: { model: wire("MODEL"), multiplier: float({ default: 0.7, min: 0, max: 1, step: 0.01 }) },
  outputs: { MODEL: "MODEL" },
  run: ({ model, multiplier }) => ({ MODEL: model.withGuidance(rescaleCfg(multiplier)) }),
});
