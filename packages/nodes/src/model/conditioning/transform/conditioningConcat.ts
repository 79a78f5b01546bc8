import type { ConditioningEntry } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { wire } from "../../../inputs.js";
import { NodeError } from "../../../nodeError.js";

export const conditioningConcat = defineNode({
  type: "ConditioningConcat",
  displayName: "Conditioning (Concat)",
  category: "model/conditioning/transform",
  description: "Reads the second prompt on after the first: tokens one after the other. Of the second only its first part counts.",
  inputs: { conditioning_to: wire("CONDITIONING"), conditioning_from: wire("CONDITIONING") },
  outputs: { CONDITIONING: "CONDITIONING" },
  run({ conditioning_to, conditioning_from: [from] }) {
    return { CONDITIONING: from ? conditioning_to.map((entry) => join(entry, from)) : conditioning_to };
  },
});

function join(entry: ConditioningEntry, { tokens: more }: ConditioningEntry): ConditioningEntry {
  const { tokens } = entry;
  const [, length = 0, width = 0] = tokens.shape;
  if (more.shape[2] !== width)
    throw new NodeError(
      "NODE_CONDITIONING_WIDTH",
      `Cannot join prompts of width ${width} and ${more.shape[2]}: both must be encoded by text encoders of one kind`,
    );
  const data = new Float32Array(tokens.data.length + more.data.length);
  data.set(tokens.data);
  data.set(more.data, tokens.data.length);
  return { ...entry, tokens: { data, shape: [1, length + more.shape[1]!, width] } };
}
