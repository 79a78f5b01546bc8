import { allocate } from "../../allocate.js";
import { defineNode } from "../../defineNode.js";
import { float, int } from "../../inputs.js";

const side = int({ default: 512, min: 1, max: 16384, step: 1 });

export const solidMask = defineNode({
  type: "SolidMask",
  displayName: "Create Solid Mask",
  category: "image/mask",
  description: "A mask of one value.",
  module: "comfy_extras.nodes_mask",
  inputs: { value: float({ default: 1, min: 0, max: 1, step: 0.01 }), width: side, height: side },
  outputs: { MASK: "MASK" },
  run({ value, width, height }, { memoryLimit }) {
    return { MASK: { data: allocate("a mask", [height, width], memoryLimit).fill(value), batch: 1, height, width } };
  },
});
