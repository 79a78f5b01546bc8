import { defineNode } from "../../../defineNode.js";
import { wire } from "../../../inputs.js";

export const flipSigmas = defineNode({
  type: "FlipSigmas",
  displayName: "FlipSigmas",
  category: "model/sampling/sigmas",
  description: "Turns noise levels around, from little noise to much: for unsampling.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: { sigmas: wire("SIGMAS") },
  outputs: { SIGMAS: "SIGMAS" },
  run: ({ sigmas }) => {
    const flipped = sigmas.toReversed();
    // No sampler can begin at 0.
    if (flipped[0] === 0) flipped[0] = 0.0001;
    return { SIGMAS: flipped };
  },
});
