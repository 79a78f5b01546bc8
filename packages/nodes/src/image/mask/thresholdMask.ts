import { defineNode } from "../../defineNode.js";
import { float, wire } from "../../inputs.js";

export const thresholdMask = defineNode({
  type: "ThresholdMask",
  displayName: "Threshold Mask",
  category: "image/mask",
  description: "A mask of ones where the mask is above a value, and zeros elsewhere.",
  module: "comfy_extras.nodes_mask",
  inputs: { mask: wire("MASK"), value: float({ default: 0.5, min: 0, max: 1, step: 0.01 }) },
  outputs: { MASK: "MASK" },
  run({ mask, value }) {
    // As fp32, so that a mask filled with 0.3 is not above 0.3.
    const threshold = Math.fround(value);
    return { MASK: { ...mask, data: mask.data.map((each) => (each > threshold ? 1 : 0)) } };
  },
});
