import { roundHalfEven } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { int, wire } from "../../inputs.js";
import { expectColours } from "../../pictures/channels.js";

export const imageColorToMask = defineNode({
  type: "ImageColorToMask",
  displayName: "Convert Image Color to Mask",
  category: "image/mask",
  description: "A mask that is 1 where the picture, in 8 bits, has exactly one colour (0xRRGGBB).",
  module: "comfy_extras.nodes_mask",
  inputs: { image: wire("IMAGE"), color: int({ default: 0, min: 0, max: 0xffffff, step: 1, display: "number" }) },
  outputs: { MASK: "MASK" },
  run({ image, color }) {
    expectColours(image, "image");
    const { data, batch, height, width, channels } = image;
    const byte = (value: number): number => roundHalfEven(Math.fround(Math.min(Math.max(value, 0), 1) * 255));
    const wanted = [(color >> 16) & 255, (color >> 8) & 255, color & 255];
    const mask = new Float32Array(batch * height * width);
    for (let i = 0; i < mask.length; i++) mask[i] = wanted.every((value, c) => byte(data[i * channels + c]!) === value) ? 1 : 0;
    return { MASK: { data: mask, batch, height, width } };
  },
});
