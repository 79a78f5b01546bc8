import { defineNode } from "../../defineNode.js";
import { float } from "../../inputs.js";

export const primitiveFloat = defineNode({
  type: "PrimitiveFloat",
  displayName: "Float",
  category: "utilities/primitive",
  description: "A number, to feed several inputs from one place.",
  module: "comfy_extras.nodes_primitive",
  inputs: { value: float({ min: -9223372036854775807n, max: 9223372036854775807n, step: 0.1 }) },
  outputs: { FLOAT: "FLOAT" },
  run: ({ value }) => ({ FLOAT: value }),
});
