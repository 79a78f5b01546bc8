import { allocate } from "../allocate.js";
import { defineNode } from "../defineNode.js";
import { int } from "../inputs.js";

export const emptyImage = defineNode({
  type: "EmptyImage",
  displayName: "Empty Image",
  category: "image",
  description: "Pictures of one colour.",
  inputs: {
    width: int({ default: 512, min: 1, max: 16384, step: 1 }),
    height: int({ default: 512, min: 1, max: 16384, step: 1 }),
    batch_size: int({ default: 1, min: 1, max: 4096 }),
    color: int({ default: 0, min: 0, max: 0xffffff, step: 1, display: "color" }),
  },
  outputs: { IMAGE: "IMAGE" },
  run({ width, height, batch_size: batch, color }, { memoryLimit }) {
    const data = allocate("pictures", [batch, height, width, 3], memoryLimit);
    const rgb = [(color >> 16) & 255, (color >> 8) & 255, color & 255].map((value) => value / 255);
    for (let i = 0; i < data.length; i++) data[i] = rgb[i % 3]!;
    return { IMAGE: { data, batch, height, width, channels: 3 } };
  },
});
