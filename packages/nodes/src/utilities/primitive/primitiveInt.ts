import { defineNode } from "../../defineNode.js";
import { wideInt } from "../../inputs.js";

export const primitiveInt = defineNode({
  type: "PrimitiveInt",
  displayName: "Int",
  category: "utilities/primitive",
  description: "A whole number, to feed several inputs from one place.",
  module: "comfy_extras.nodes_primitive",
  inputs: { value: wideInt({ min: -9223372036854775807n, max: 9223372036854775807n, control_after_generate: "fixed" }) },
  outputs: { INT: "INT" },
  run: ({ value }) => ({ INT: value }),
});
