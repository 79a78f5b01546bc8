import { allocate } from "../../allocate.js";
import { defineNode } from "../../defineNode.js";
import { combo, int, wire } from "../../inputs.js";
import { placeOver } from "../../pictures/placeOver.js";
import { resizeImage } from "../upscaling/imageMethods.js";

const side = int({ default: 512, min: 1, max: 16384, step: 1 });

export const resizeAndPadImage = defineNode({
  type: "ResizeAndPadImage",
  displayName: "Resize And Pad Image",
  category: "image/transform",
  description: "Fits pictures into a size in their own proportions, and fills what stays free with white or black.",
  module: "comfy_extras.nodes_images",
  inputs: {
    image: wire("IMAGE"),
    target_width: side,
    target_height: side,
    padding_color: combo(["white", "black"], { advanced: true }),
    interpolation: combo(["area", "bicubic", "nearest-exact", "bilinear", "lanczos"], { advanced: true }),
  },
  outputs: { IMAGE: "IMAGE" },
  run({ image, target_width: width, target_height: height, padding_color, interpolation }, { memoryLimit }) {
    const { batch, channels } = image;
    const scale = Math.min(width / image.width, height / image.height);
    const [wide, high] = [Math.max(1, Math.trunc(image.width * scale)), Math.max(1, Math.trunc(image.height * scale))];
    const resized = resizeImage(image, high, wide, interpolation, "disabled", memoryLimit);
    const data = allocate("pictures", [batch, height, width, channels], memoryLimit).fill(padding_color === "white" ? 1 : 0);
    const place = { left: Math.floor((width - wide) / 2), top: Math.floor((height - high) / 2) };
    return { IMAGE: placeOver({ data, batch, height, width, channels }, resized, place) };
  },
});
