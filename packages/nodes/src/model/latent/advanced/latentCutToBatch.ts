import { defineNode } from "../../../defineNode.js";
import { combo, int, wire } from "../../../inputs.js";
import type { LatentValue } from "../../../values.js";

export const latentCutToBatch = defineNode({
  type: "LatentCutToBatch",
  displayName: "LatentCutToBatch",
  category: "model/latent/advanced",
  description: "Cuts latents into slices of one size along an axis, one after the other in a batch. What is left over at the end goes.",
  module: "comfy_extras.nodes_latent",
  inputs: {
    samples: wire("LATENT"),
    dim: combo(["t", "x", "y"]),
    slice_size: int({ default: 1, min: 1, max: 16384, step: 1 }),
  },
  outputs: { LATENT: "LATENT" },
  run({ samples, dim, slice_size }) {
    // Latents of pictures have no time.
    return { LATENT: dim === "t" ? samples : cutToBatch(samples, dim, slice_size) };
  },
});

function cutToBatch(latent: LatentValue, dim: "x" | "y", sliceSize: number): LatentValue {
  const [batch, channels, height, width] = latent.shape;
  const side = dim === "x" ? width : height;
  const size = Math.min(sliceSize, side);
  const slices = Math.floor(side / size);
  const [high, wide] = dim === "x" ? [height, size] : [size, width];
  const samples = new Float32Array(batch * slices * channels * high * wide);
  let to = 0;
  for (let n = 0; n < batch; n++) {
    for (let slice = 0; slice < slices; slice++) {
      const [top, left] = dim === "x" ? [0, slice * size] : [slice * size, 0];
      for (let c = 0; c < channels; c++) {
        for (let y = top; y < top + high; y++, to += wide) {
          const from = ((n * channels + c) * height + y) * width + left;
          samples.set(latent.samples.subarray(from, from + wide), to);
        }
      }
    }
  }
  // Places in the old batch say nothing of the slices.
  const { batchIndex: _, ...rest } = latent;
  return { ...rest, samples, shape: [batch * slices, channels, high, wide] };
}
