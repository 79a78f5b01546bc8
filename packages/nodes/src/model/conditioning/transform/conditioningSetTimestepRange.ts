import { defineNode } from "../../../defineNode.js";
import { float, wire } from "../../../inputs.js";

export const conditioningSetTimestepRange = defineNode({
  type: "ConditioningSetTimestepRange",
  displayName: "ConditioningSetTimestepRange",
  category: "model/conditioning/transform",
  description: "Limits a prompt to a part of the way, from 0 at the start to 1 at the end.",
  inputs: {
    conditioning: wire("CONDITIONING"),
    start: float({ default: 0, min: 0, max: 1, step: 0.001 }),
    end: float({ default: 1, min: 0, max: 1, step: 0.001 }),
  },
  outputs: { CONDITIONING: "CONDITIONING" },
  run: ({ conditioning, start, end }) => ({ CONDITIONING: conditioning.map((entry) => ({ ...entry, range: { start, end } })) }),
});
