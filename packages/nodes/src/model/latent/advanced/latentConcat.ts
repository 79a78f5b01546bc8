import { allocate } from "../../../allocate.js";
import { defineNode } from "../../../defineNode.js";
import { combo, wire } from "../../../inputs.js";
import { NodeError } from "../../../nodeError.js";
import { fitBatch } from "../fitLatent.js";
import { aroundAxis, latentAxes, withLength, type LatentAxis } from "./latentAxes.js";

export const latentConcat = defineNode({
  type: "LatentConcat",
  displayName: "LatentConcat",
  category: "model/latent/advanced",
  description: "Joins two latents along an axis; with a minus the second one comes first.",
  module: "comfy_extras.nodes_latent",
  inputs: { samples1: wire("LATENT"), samples2: wire("LATENT"), dim: combo(["x", "-x", "y", "-y", "t", "-t"]) },
  outputs: { LATENT: "LATENT" },
  run({ samples1, samples2, dim }, { memoryLimit }) {
    const axis = latentAxes[dim.replace("-", "") as LatentAxis];
    const other = fitBatch(samples2, samples1.shape[0], memoryLimit);
    if (samples1.shape.some((size, i) => i !== axis && size !== other.shape[i]))
      throw new NodeError(
        "NODE_SIZES_DIFFER",
        `Cannot join latents of [${samples1.shape.join(", ")}] and [${samples2.shape.join(", ")}] along "${dim}": all other sizes must be equal`,
      );
    const parts = (dim.startsWith("-") ? [other, samples1] : [samples1, other]).map((latent) => ({
      data: latent.samples,
      row: latent.shape[axis]! * aroundAxis(latent, axis).inner,
    }));
    const length = samples1.shape[axis]! + other.shape[axis]!;
    const { outer, inner } = aroundAxis(samples1, axis);
    const samples = allocate("latents", [outer, length, inner], memoryLimit);
    for (let o = 0, to = 0; o < outer; o++) {
      for (const { data, row } of parts) {
        samples.set(data.subarray(o * row, (o + 1) * row), to);
        to += row;
      }
    }
    return { LATENT: withLength(samples1, axis, length, samples) };
  },
});
