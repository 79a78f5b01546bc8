import { defineNode } from "../../defineNode.js";
import { boolean } from "../../inputs.js";

export const primitiveBoolean = defineNode({
  type: "PrimitiveBoolean",
  displayName: "Boolean",
  category: "utilities/primitive",
  description: "Yes or no, to feed several inputs from one place.",
  module: "comfy_extras.nodes_primitive",
  inputs: { value: boolean() },
  outputs: { BOOLEAN: "BOOLEAN" },
  run: ({ value }) => ({ BOOLEAN: value }),
});
