import { defineNode } from "../../defineNode.js";
import { int, wire } from "../../inputs.js";
import { edgeRamp } from "../../pictures/edgeRamp.js";

const side = int({ default: 0, min: 0, max: 16384, step: 1 });

export const featherMask = defineNode({
  type: "FeatherMask",
  displayName: "Feather Mask",
  category: "image/mask",
  description: "Fades a mask out towards its borders, over a number of pixels at each side.",
  module: "comfy_extras.nodes_mask",
  inputs: { mask: wire("MASK"), left: side, top: side, right: side, bottom: side },
  outputs: { MASK: "MASK" },
  run({ mask, left, top, right, bottom }) {
    const { height, width } = mask;
    const rows = edgeRamp(height, Math.min(top, height), Math.min(bottom, height));
    const columns = edgeRamp(width, Math.min(left, width), Math.min(right, width));
    const feathered = mask.data.map((value, i) => value * columns[i % width]! * rows[Math.floor(i / width) % height]!);
    return { MASK: { ...mask, data: feathered } };
  },
});
