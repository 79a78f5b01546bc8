import { defineNode } from "../../../defineNode.js";
import { combo, int, wire } from "../../../inputs.js";
import { aroundAxis, latentAxes, withLength } from "./latentAxes.js";

export const latentCut = defineNode({
  type: "LatentCut",
  displayName: "LatentCut",
  category: "model/latent/advanced",
  description: "Cuts a piece out of latents along an axis, in latent pixels. A negative index counts from the end.",
  module: "comfy_extras.nodes_latent",
  inputs: {
    samples: wire("LATENT"),
    dim: combo(["x", "y", "t"]),
    index: int({ default: 0, min: -16384, max: 16384, step: 1 }),
    amount: int({ default: 1, min: 1, max: 16384, step: 1 }),
  },
  outputs: { LATENT: "LATENT" },
  run({ samples, dim, index, amount }) {
    const axis = latentAxes[dim];
    const { outer, length, inner } = aroundAxis(samples, axis);
    const first = index < 0 ? Math.max(0, length + index) : Math.min(index, length - 1);
    const count = Math.min(amount, length - first);
    const piece = new Float32Array(outer * count * inner);
    for (let o = 0; o < outer; o++) {
      const from = (o * length + first) * inner;
      piece.set(samples.samples.subarray(from, from + count * inner), o * count * inner);
    }
    return { LATENT: withLength(samples, axis, count, piece) };
  },
});
