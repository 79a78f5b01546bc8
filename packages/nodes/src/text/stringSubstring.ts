import { defineNode } from "../defineNode.js";
import { int, string } from "../inputs.js";

export const stringSubstring = defineNode({
  type: "StringSubstring",
  displayName: "Substring",
  category: "text",
  description: "The characters from start up to, not including, end; negative numbers count from the end.",
  module: "comfy_extras.nodes_string",
  inputs: { string: string({ multiline: true }), start: int(), end: int() },
  outputs: { STRING: "STRING" },
  // By code points, so that no character is cut in two.
  run: ({ string: text, start, end }) => ({ STRING: Array.from(text).slice(start, end).join("") }),
});
