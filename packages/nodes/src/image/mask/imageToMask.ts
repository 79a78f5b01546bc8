import { defineNode } from "../../defineNode.js";
import { combo, wire } from "../../inputs.js";
import { channelOf } from "../../pictures/channels.js";

const channels = ["red", "green", "blue", "alpha"] as const;

export const imageToMask = defineNode({
  type: "ImageToMask",
  displayName: "Convert Image to Mask",
  category: "image/mask",
  description: "One channel of pictures as a mask.",
  module: "comfy_extras.nodes_mask",
  inputs: { image: wire("IMAGE"), channel: combo(channels) },
  outputs: { MASK: "MASK" },
  run: ({ image, channel }) => ({ MASK: channelOf(image, channels.indexOf(channel), channel) }),
});
