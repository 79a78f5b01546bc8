import { combineConditioning } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { wire } from "../../../inputs.js";

export const conditioningCombine = defineNode({
  type: "ConditioningCombine",
  displayName: "Conditioning (Combine)",
  category: "model/conditioning/transform",
  description: "Follows both prompts at once: the model is asked for each, and the answers are averaged.",
  inputs: { conditioning_1: wire("CONDITIONING"), conditioning_2: wire("CONDITIONING") },
  outputs: { CONDITIONING: "CONDITIONING" },
  run: ({ conditioning_1, conditioning_2 }) => ({ CONDITIONING: combineConditioning(conditioning_1, conditioning_2) }),
});
