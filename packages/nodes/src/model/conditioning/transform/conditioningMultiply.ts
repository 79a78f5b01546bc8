import { defineNode } from "../../../defineNode.js";
import { float, wire } from "../../../inputs.js";

export const conditioningMultiply = defineNode({
  type: "ConditioningMultiply",
  displayName: "Conditioning (Multiply)",
  category: "model/conditioning/transform",
  description: "Multiplies what a prompt says by a number: its tokens, and its summary where it has one.",
  inputs: { conditioning: wire("CONDITIONING"), multiplier: float({ default: 1, min: -100, max: 100, step: 0.01 }) },
  outputs: { CONDITIONING: "CONDITIONING" },
  run({ conditioning, multiplier }) {
    const scale = (values: Float32Array): Float32Array => values.map((value) => value * multiplier);
    return {
      CONDITIONING: conditioning.map((entry) => ({
        ...entry,
        tokens: { ...entry.tokens, data: scale(entry.tokens.data) },
        ...(entry.pooled && { pooled: scale(entry.pooled) }),
      })),
    };
  },
});
