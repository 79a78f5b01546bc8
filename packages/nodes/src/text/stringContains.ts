import { defineNode } from "../defineNode.js";
import { boolean, string } from "../inputs.js";

export const stringContains = defineNode({
  type: "StringContains",
  displayName: "Contains Text",
  category: "text",
  description: "Whether a text is part of another.",
  module: "comfy_extras.nodes_string",
  inputs: {
    string: string({ multiline: true }),
    substring: string({ multiline: true }),
    case_sensitive: boolean({ advanced: true, default: true }),
  },
  outputs: { contains: "BOOLEAN" },
  run({ string: text, substring, case_sensitive }) {
    if (case_sensitive) return { contains: text.includes(substring) };
    return { contains: text.toLowerCase().includes(substring.toLowerCase()) };
  },
});
