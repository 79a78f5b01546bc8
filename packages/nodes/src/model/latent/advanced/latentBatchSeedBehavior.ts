import { defineNode } from "../../../defineNode.js";
import { combo, wire } from "../../../inputs.js";

export const latentBatchSeedBehavior = defineNode({
  type: "LatentBatchSeedBehavior",
  displayName: "LatentBatchSeedBehavior",
  category: "model/latent/advanced",
  description: 'Gives all latents of a batch the same noise ("fixed"), or each its own ("random").',
  module: "comfy_extras.nodes_latent",
  inputs: { samples: wire("LATENT"), seed_behavior: combo(["random", "fixed"], { default: "fixed" }) },
  outputs: { LATENT: "LATENT" },
  run({ samples, seed_behavior }) {
    const { batchIndex, ...rest } = samples;
    if (seed_behavior === "random") return { LATENT: rest };
    return { LATENT: { ...rest, batchIndex: Array.from({ length: rest.shape[0] }, () => batchIndex?.[0] ?? 0) } };
  },
});
