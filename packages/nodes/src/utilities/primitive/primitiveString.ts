import { defineNode } from "../../defineNode.js";
import { string } from "../../inputs.js";

export const primitiveString = defineNode({
  type: "PrimitiveString",
  displayName: "Text",
  category: "utilities/primitive",
  description: "A line of text, to feed several inputs from one place.",
  module: "comfy_extras.nodes_primitive",
  inputs: { value: string({ multiline: false }) },
  outputs: { STRING: "STRING" },
  run: ({ value }) => ({ STRING: value }),
});
