import { defineNode } from "../../../defineNode.js";
import { float, wire } from "../../../inputs.js";

export const conditioningSetAreaStrength = defineNode({
  type: "ConditioningSetAreaStrength",
  displayName: "Conditioning (Set Area Strength)",
  category: "model/conditioning/transform",
  description: "Sets how much a prompt counts beside others.",
  inputs: { conditioning: wire("CONDITIONING"), strength: float({ default: 1, min: 0, max: 10, step: 0.01 }) },
  outputs: { CONDITIONING: "CONDITIONING" },
  run: ({ conditioning, strength }) => ({ CONDITIONING: conditioning.map((entry) => ({ ...entry, strength })) }),
});
