import type { JsonValue } from "@patchbay/graph";
import { defineNode } from "../../defineNode.js";
import { wire } from "../../inputs.js";

export const comfyNotNode = defineNode({
  type: "ComfyNotNode",
  displayName: "Not",
  category: "utilities/logic",
  description: "True for what is nothing: false, 0, an empty text or an empty list; false for all else.",
  module: "comfy_extras.nodes_logic",
  inputs: { value: wire("*") },
  outputs: { BOOLEAN: "BOOLEAN" },
  run: ({ value }) => ({ BOOLEAN: !isSomething(value) }),
});

/** Whether Python takes a value for true. */
function isSomething(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
