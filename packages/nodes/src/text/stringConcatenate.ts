import { defineNode } from "../defineNode.js";
import { string } from "../inputs.js";

export const stringConcatenate = defineNode({
  type: "StringConcatenate",
  displayName: "Concatenate Text",
  category: "text",
  description: "Two texts, one after the other, with the delimiter between them.",
  module: "comfy_extras.nodes_string",
  inputs: {
    string_a: string({ multiline: true }),
    string_b: string({ multiline: true }),
    delimiter: string({ default: "", multiline: false }),
  },
  outputs: { STRING: "STRING" },
  run: ({ string_a, string_b, delimiter }) => ({ STRING: string_a + delimiter + string_b }),
});
