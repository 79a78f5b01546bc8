import { defineNode } from "../../defineNode.js";
import { wire } from "../../inputs.js";

export const invertMask = defineNode({
  type: "InvertMask",
  displayName: "Invert Mask",
  category: "image/mask",
  description: "Turns a mask around: 1 - value.",
  module: "comfy_extras.nodes_mask",
  inputs: { mask: wire("MASK") },
  outputs: { MASK: "MASK" },
  run: ({ mask }) => ({ MASK: { ...mask, data: mask.data.map((value) => 1 - value) } }),
});
