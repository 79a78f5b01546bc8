import { roundHalfEven } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { float, wire } from "../../../inputs.js";

export const splitSigmasDenoise = defineNode({
  type: "SplitSigmasDenoise",
  displayName: "SplitSigmasDenoise",
  category: "model/sampling/sigmas",
  description: "Cuts noise levels in two so that the second part has a share of the steps; both have the level there.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: { sigmas: wire("SIGMAS"), denoise: float({ default: 1, min: 0, max: 1, step: 0.01 }) },
  outputs: { high_sigmas: "SIGMAS", low_sigmas: "SIGMAS" },
  run: ({ sigmas, denoise }) => {
    const kept = roundHalfEven(Math.max(sigmas.length - 1, 0) * denoise);
    // Nothing kept leaves the first part nothing either, as in ComfyUI.
    return { high_sigmas: kept === 0 ? new Float32Array(0) : sigmas.slice(0, -kept), low_sigmas: sigmas.slice(-(kept + 1)) };
  },
});
