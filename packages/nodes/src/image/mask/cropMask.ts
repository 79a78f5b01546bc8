import { defineNode } from "../../defineNode.js";
import { int, wire } from "../../inputs.js";
import { NodeError } from "../../nodeError.js";
import { maskOfPictures, picturesOfMask } from "../../pictures/asPictures.js";
import { cut } from "../../pictures/cut.js";

const place = int({ default: 0, min: 0, max: 16384, step: 1 });
const size = int({ default: 512, min: 1, max: 16384, step: 1 });

export const cropMask = defineNode({
  type: "CropMask",
  displayName: "Crop Mask",
  category: "image/mask",
  description: "Cuts a rectangle out of a mask; what would lie outside of it is left away.",
  module: "comfy_extras.nodes_mask",
  inputs: { mask: wire("MASK"), x: place, y: place, width: size, height: size },
  outputs: { MASK: "MASK" },
  run({ mask, x, y, width, height }) {
    if (x >= mask.width || y >= mask.height)
      throw new NodeError(
        "NODE_INPUT_RANGE",
        `Cannot cut a mask of ${mask.width}×${mask.height} at (${x}, ${y}): "x" and "y" must lie inside`,
      );
    return { MASK: maskOfPictures(cut(picturesOfMask(mask), x, y, width, height)) };
  },
});
