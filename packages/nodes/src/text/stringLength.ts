import { defineNode } from "../defineNode.js";
import { string } from "../inputs.js";

export const stringLength = defineNode({
  type: "StringLength",
  displayName: "Text Length",
  category: "text",
  description: "The number of characters (code points).",
  module: "comfy_extras.nodes_string",
  inputs: { string: string({ multiline: true }) },
  outputs: { length: "INT" },
  run: ({ string: text }) => ({ length: Array.from(text).length }),
});
