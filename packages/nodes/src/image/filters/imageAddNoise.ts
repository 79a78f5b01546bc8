import { TorchGenerator } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { float, wideInt, wire } from "../../inputs.js";

export const imageAddNoise = defineNode({
  type: "ImageAddNoise",
  displayName: "Add Noise to Image",
  category: "image/filters",
  description: "Adds normal noise to pictures, times the strength. The same seed gives the same noise.",
  module: "comfy_extras.nodes_images",
  inputs: {
    image: wire("IMAGE"),
    seed: wideInt({ default: 0, min: 0, max: 18446744073709551615n, control_after_generate: true }),
    strength: float({ default: 0.5, min: 0, max: 1, step: 0.01 }),
  },
  outputs: { IMAGE: "IMAGE" },
  run({ image, seed, strength }) {
    const data = new TorchGenerator(seed).randn(image.data.length);
    const factor = Math.fround(strength);
    for (let i = 0; i < data.length; i++) data[i] = Math.min(Math.max(image.data[i]! + Math.fround(factor * data[i]!), 0), 1);
    return { IMAGE: { ...image, data } };
  },
});
