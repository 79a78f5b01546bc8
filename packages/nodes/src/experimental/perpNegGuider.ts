import { perpNegGuider } from "@patchbay/models";
import { defineNode } from "../defineNode.js";
import { float, wire } from "../inputs.js";

export const perpNegGuiderNode = defineNode({
  type: "PerpNegGuider",
  displayName: "Perp-Neg Guider",
  category: "experimental",
  description: "Guides a model away from what of the negative prompt the positive one has nothing to do with.",
  experimental: true,
  module: "comfy_extras.nodes_perpneg",
  inputs: {
    model: wire("MODEL"),
    positive: wire("CONDITIONING"),
    negative: wire("CONDITIONING"),
    empty_conditioning: wire("CONDITIONING"),
    cfg: float({ default: 8, min: 0, max: 100, step: 0.1, round: 0.01 }),
    neg_scale: float({ default: 1, min: 0, max: 100, step: 0.01, advanced: true }),
  },
  outputs: { GUIDER: "GUIDER" },
  run: ({ empty_conditioning, neg_scale, ...prompts }) => ({
    GUIDER: perpNegGuider({ ...prompts, empty: empty_conditioning, negativeScale: neg_scale }),
  }),
});
