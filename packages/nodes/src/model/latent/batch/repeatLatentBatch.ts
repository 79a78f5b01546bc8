import { expectRoom } from "../../../allocate.js";
import { defineNode } from "../../../defineNode.js";
import { int, wire } from "../../../inputs.js";
import { maskOfBatch } from "./maskOfBatch.js";

export const repeatLatentBatch = defineNode({
  type: "RepeatLatentBatch",
  displayName: "Repeat Latent Batch",
  category: "model/latent/batch",
  description: "Repeats a batch of latents; each repetition gets noise of its own.",
  inputs: { samples: wire("LATENT"), amount: int({ default: 1, min: 1, max: 64 }) },
  outputs: { LATENT: "LATENT" },
  run({ samples, amount }, { memoryLimit }) {
    const [batch, ...rest] = samples.shape;
    const shape = [batch * amount, ...rest] as const;
    expectRoom("latents", shape, memoryLimit);
    const repeated = new Float32Array(samples.samples.length * amount);
    for (let i = 0; i < amount; i++) repeated.set(samples.samples, i * samples.samples.length);
    const { noiseMask: mask, batchIndex } = samples;
    return {
      LATENT: {
        samples: repeated,
        shape,
        ...(mask && { noiseMask: mask.batch === 1 ? mask : maskOfBatch(maskOfBatch(mask, batch), batch * amount) }),
        ...(batchIndex && { batchIndex: repeatPlaces(batchIndex, amount) }),
      },
    };
  },
});

/** Places for the repetitions, past all those that are taken. */
function repeatPlaces(places: readonly number[], amount: number): number[] {
  const step = Math.max(...places) - Math.min(...places) + 1;
  return Array.from({ length: amount }, (_, i) => places.map((place) => place + i * step)).flat();
}
