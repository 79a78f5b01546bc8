import { defineNode } from "../../defineNode.js";
import { wire } from "../../inputs.js";
import { channelOf, expectColours, withChannels } from "../../pictures/channels.js";

export const splitImageWithAlpha = defineNode({
  type: "SplitImageWithAlpha",
  displayName: "Split Image with Alpha",
  category: "image/compositing",
  description: "Separates the colours of pictures from their transparency: the mask is 1 where they are transparent.",
  module: "comfy_extras.nodes_compositing",
  inputs: { image: wire("IMAGE") },
  outputs: { IMAGE: "IMAGE", MASK: "MASK" },
  run({ image }, { memoryLimit }) {
    expectColours(image, "image");
    const alpha = channelOf(withChannels(image, 4, memoryLimit), 3, "alpha");
    return { IMAGE: withChannels(image, 3, memoryLimit), MASK: { ...alpha, data: alpha.data.map((value) => 1 - value) } };
  },
});
