import { defineNode } from "../../../defineNode.js";
import { wire } from "../../../inputs.js";

export const conditioningZeroOut = defineNode({
  type: "ConditioningZeroOut",
  displayName: "Conditioning Zero Out",
  category: "model/conditioning/transform",
  description: "A prompt of the same length that says nothing: all zeros.",
  inputs: { conditioning: wire("CONDITIONING") },
  outputs: { CONDITIONING: "CONDITIONING" },
  run: ({ conditioning }) => ({
    CONDITIONING: conditioning.map((entry) => ({
      ...entry,
      tokens: { ...entry.tokens, data: new Float32Array(entry.tokens.data.length) },
      ...(entry.pooled && { pooled: new Float32Array(entry.pooled.length) }),
    })),
  }),
});
