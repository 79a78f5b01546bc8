import { calculateSigmas } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { float, int, wire } from "../../../inputs.js";
import { schedulerName } from "../samplerInputs.js";

export const basicScheduler = defineNode({
  type: "BasicScheduler",
  displayName: "BasicScheduler",
  category: "model/sampling/schedulers",
  description: "The noise levels of a schedule for a model.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    model: wire("MODEL"),
    scheduler: schedulerName,
    steps: int({ default: 20, min: 1, max: 10000 }),
    denoise: float({ default: 1, min: 0, max: 1, step: 0.01 }),
  },
  outputs: { SIGMAS: "SIGMAS" },
  run: ({ model, ...options }) => ({ SIGMAS: calculateSigmas({ sampling: model.sampling, ...options }) }),
});
