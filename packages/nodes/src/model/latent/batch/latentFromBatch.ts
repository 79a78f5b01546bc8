import { defineNode } from "../../../defineNode.js";
import { int, wire } from "../../../inputs.js";
import { runOfBatch } from "../../../pictures/batch.js";
import { maskOfBatch, pickMasks } from "./maskOfBatch.js";

export const latentFromBatch = defineNode({
  type: "LatentFromBatch",
  displayName: "Get Latent From Batch",
  category: "model/latent/batch",
  description: "Takes some latents out of a batch; they keep the noise of their places. A negative index counts from the end.",
  inputs: {
    samples: wire("LATENT"),
    batch_index: int({ default: 0, min: -16384, max: 16384 }),
    length: int({ default: 1, min: 1, max: 64 }),
  },
  outputs: { LATENT: "LATENT" },
  run({ samples, batch_index, length }) {
    const [batch, ...rest] = samples.shape;
    const { first, count } = runOfBatch(batch, batch_index, length);
    const places = Array.from({ length: count }, (_, i) => first + i);
    const size = samples.samples.length / batch;
    const mask = samples.noiseMask;
    return {
      LATENT: {
        samples: samples.samples.slice(first * size, (first + places.length) * size),
        shape: [places.length, ...rest],
        ...(mask && { noiseMask: mask.batch === 1 ? mask : pickMasks(maskOfBatch(mask, batch), places) }),
        batchIndex: samples.batchIndex ? places.map((place) => samples.batchIndex![place]!) : places,
      },
    };
  },
});
