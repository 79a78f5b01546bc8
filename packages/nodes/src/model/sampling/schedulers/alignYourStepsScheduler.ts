import { alignYourSteps, alignYourStepsFamilies, roundHalfEven } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { combo, float, int } from "../../../inputs.js";

export const alignYourStepsScheduler = defineNode({
  type: "AlignYourStepsScheduler",
  displayName: "AlignYourStepsScheduler",
  category: "model/sampling/schedulers",
  description: "Noise levels that were searched for each model family, for few steps.",
  module: "comfy_extras.nodes_align_your_steps",
  inputs: {
    model_type: combo(alignYourStepsFamilies),
    steps: int({ default: 10, min: 1, max: 10000 }),
    denoise: float({ default: 1, min: 0, max: 1, step: 0.01 }),
  },
  outputs: { SIGMAS: "SIGMAS" },
  run: ({ model_type, steps, denoise }) => {
    const kept = denoise < 1 ? roundHalfEven(steps * denoise) : steps;
    return { SIGMAS: denoise <= 0 ? new Float32Array(0) : alignYourSteps(model_type, steps).slice(-(kept + 1)) };
  },
});
