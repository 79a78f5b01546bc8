import { defineNode } from "../../../defineNode.js";
import { wire } from "../../../inputs.js";
import { latentOfPictures, picturesOfLatent } from "../../../pictures/asPictures.js";
import { joinBatches } from "../../../pictures/batch.js";
import type { LatentValue } from "../../../values.js";
import { fitSize } from "../fitLatent.js";

export const latentBatch = defineNode({
  type: "LatentBatch",
  displayName: "Batch Latents (DEPRECATED)",
  category: "model/latent/batch",
  description: "Puts latents one after the other; the second ones take the first ones' size. Each keeps the noise of its place.",
  module: "comfy_extras.nodes_latent",
  deprecated: true,
  inputs: { samples1: wire("LATENT"), samples2: wire("LATENT") },
  outputs: { LATENT: "LATENT" },
  run({ samples1, samples2 }, { memoryLimit }) {
    const second = fitSize(samples2, samples1, "bilinear", memoryLimit);
    const joined = joinBatches(picturesOfLatent(samples1), picturesOfLatent(second), memoryLimit);
    return { LATENT: { ...latentOfPictures(samples1, joined), batchIndex: [...places(samples1), ...places(samples2)] } };
  },
});

function places({ batchIndex, shape: [batch] }: LatentValue): readonly number[] {
  return batchIndex ?? Array.from({ length: batch }, (_, i) => i);
}
