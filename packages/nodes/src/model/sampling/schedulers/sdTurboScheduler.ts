import { sdTurboSigmas } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { float, int, wire } from "../../../inputs.js";

export const sdTurboScheduler = defineNode({
  type: "SDTurboScheduler",
  displayName: "SDTurboScheduler",
  category: "model/sampling/schedulers",
  description: "The noise levels that Turbo models were distilled at.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: { model: wire("MODEL"), steps: int({ default: 1, min: 1, max: 10 }), denoise: float({ default: 1, min: 0, max: 1, step: 0.01 }) },
  outputs: { SIGMAS: "SIGMAS" },
  run: ({ model, steps, denoise }) => ({ SIGMAS: sdTurboSigmas(model.sampling, steps, denoise) }),
});
