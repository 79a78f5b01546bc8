import { defineNode } from "../../defineNode.js";
import { string } from "../../inputs.js";

export const primitiveStringMultiline = defineNode({
  type: "PrimitiveStringMultiline",
  displayName: "Text (Multiline)",
  category: "utilities/primitive",
  description: "A text of several lines, to feed several inputs from one place.",
  module: "comfy_extras.nodes_primitive",
  inputs: { value: string({ multiline: true }) },
  outputs: { STRING: "STRING" },
  run: ({ value }) => ({ STRING: value }),
});
