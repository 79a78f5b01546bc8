import { allocate } from "../../allocate.js";
import { defineNode } from "../../defineNode.js";
import { wire } from "../../inputs.js";

export const maskToImage = defineNode({
  type: "MaskToImage",
  displayName: "Convert Mask to Image",
  category: "image/mask",
  description: "Shows a mask as grey pictures.",
  module: "comfy_extras.nodes_mask",
  inputs: { mask: wire("MASK") },
  outputs: { IMAGE: "IMAGE" },
  run({ mask: { data: values, batch, height, width } }, { memoryLimit }) {
    const data = allocate("pictures", [batch, height, width, 3], memoryLimit);
    for (let i = 0; i < data.length; i++) data[i] = values[Math.floor(i / 3)]!;
    return { IMAGE: { data, batch, height, width, channels: 3 } };
  },
});
