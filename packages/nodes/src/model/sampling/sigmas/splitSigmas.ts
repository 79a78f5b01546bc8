import { defineNode } from "../../../defineNode.js";
import { int, wire } from "../../../inputs.js";

export const splitSigmas = defineNode({
  type: "SplitSigmas",
  displayName: "SplitSigmas",
  category: "model/sampling/sigmas",
  description: "Cuts noise levels in two at a step; both parts have the level there.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: { sigmas: wire("SIGMAS"), step: int({ default: 0, min: 0, max: 10000 }) },
  outputs: { high_sigmas: "SIGMAS", low_sigmas: "SIGMAS" },
  run: ({ sigmas, step }) => ({ high_sigmas: sigmas.slice(0, step + 1), low_sigmas: sigmas.slice(step) }),
});
