import type { ConditioningEntry } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { float, wire } from "../../../inputs.js";

export const conditioningAverage = defineNode({
  type: "ConditioningAverage",
  displayName: "Conditioning (Average)",
  category: "model/conditioning/transform",
  description: "A prompt between two: at strength 1 the first, at 0 the second, of which only its first part counts.",
  inputs: {
    conditioning_to: wire("CONDITIONING"),
    conditioning_from: wire("CONDITIONING"),
    conditioning_to_strength: float({ default: 1, min: 0, max: 1, step: 0.01 }),
  },
  outputs: { CONDITIONING: "CONDITIONING" },
  run({ conditioning_to, conditioning_from: [from], conditioning_to_strength: strength }) {
    return { CONDITIONING: from ? conditioning_to.map((entry) => mix(entry, from, strength)) : conditioning_to };
  },
});

/** The second prompt is cut, or filled up with zeros, to the tokens of the first. */
function mix(entry: ConditioningEntry, from: ConditioningEntry, strength: number): ConditioningEntry {
  const pooled = entry.pooled && (from.pooled ? mixValues(entry.pooled, from.pooled, strength) : entry.pooled);
  return {
    ...entry,
    tokens: { ...entry.tokens, data: mixValues(entry.tokens.data, from.tokens.data, strength) },
    ...(pooled && { pooled }),
  };
}

function mixValues(to: Float32Array, from: Float32Array, strength: number): Float32Array {
  const { fround } = Math;
  return to.map((value, i) => fround(value * fround(strength)) + fround((from[i] ?? 0) * fround(1 - strength)));
}
