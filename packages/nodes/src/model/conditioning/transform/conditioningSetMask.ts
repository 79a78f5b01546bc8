import type { ConditioningMask } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { combo, float, wire } from "../../../inputs.js";
import { NodeError } from "../../../nodeError.js";

export const conditioningSetMask = defineNode({
  type: "ConditioningSetMask",
  displayName: "Conditioning (Set Mask)",
  category: "model/conditioning/transform",
  description: "Limits a prompt to where a mask is 1.",
  inputs: {
    conditioning: wire("CONDITIONING"),
    mask: wire("MASK"),
    strength: float({ default: 1, min: 0, max: 10, step: 0.01 }),
    set_cond_area: combo(["default", "mask bounds"]),
  },
  outputs: { CONDITIONING: "CONDITIONING" },
  run({ conditioning, mask: { data, batch, height, width }, strength, set_cond_area }) {
    if (batch !== 1)
      throw new NodeError("NODE_MASK_BATCH", `Cannot limit a prompt to ${batch} masks: one mask, for all pictures of a batch, is right`);
    const mask: ConditioningMask = { data, shape: [height, width], strength, boundsOnly: set_cond_area === "mask bounds" };
    return { CONDITIONING: conditioning.map((entry) => ({ ...entry, mask })) };
  },
});
