import { allocate } from "../../allocate.js";
import { defineNode } from "../../defineNode.js";
import { combo, float, wire } from "../../inputs.js";
import { withChannels } from "../../pictures/channels.js";
import { resizeImage } from "../upscaling/imageMethods.js";
import { blendModes, type BlendMode } from "./blendModes.js";

export const imageBlend = defineNode({
  type: "ImageBlend",
  displayName: "Blend Images",
  category: "image/filters",
  description: "Blends the second picture over the first one, whose size it takes. Of the smaller batch all are used again.",
  module: "comfy_extras.nodes_post_processing",
  inputs: {
    image1: wire("IMAGE"),
    image2: wire("IMAGE"),
    blend_factor: float({ default: 0.5, min: 0, max: 1, step: 0.01 }),
    blend_mode: combo(Object.keys(blendModes) as BlendMode[]),
  },
  outputs: { IMAGE: "IMAGE" },
  run({ image1, image2, blend_factor, blend_mode }, { memoryLimit }) {
    const { height, width, channels } = image1;
    const above = withChannels(image2, channels, memoryLimit);
    const isFit = above.height === height && above.width === width;
    const fitted = isFit ? above : resizeImage(above, height, width, "bicubic", "center", memoryLimit);
    const batch = Math.max(image1.batch, fitted.batch);
    const data = allocate("pictures", [batch, height, width, channels], memoryLimit);
    const blend = blendModes[blend_mode];
    for (let i = 0; i < data.length; i++) {
      const below = image1.data[i % image1.data.length]!;
      const blended = blend(below, fitted.data[i % fitted.data.length]!);
      data[i] = Math.min(Math.max(below * (1 - blend_factor) + blended * blend_factor, 0), 1);
    }
    return { IMAGE: { data, batch, height, width, channels } };
  },
});
