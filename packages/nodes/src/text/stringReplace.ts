import { defineNode } from "../defineNode.js";
import { string } from "../inputs.js";

export const stringReplace = defineNode({
  type: "StringReplace",
  displayName: "Replace Text",
  category: "text",
  description: "Replaces all that is found; finding nothing (an empty text) puts the replacement between all characters.",
  module: "comfy_extras.nodes_string",
  inputs: { string: string({ multiline: true }), find: string({ multiline: true }), replace: string({ multiline: true }) },
  outputs: { STRING: "STRING" },
  run: ({ string: text, find, replace }) => ({
    STRING: (find === "" ? ["", ...Array.from(text), ""] : text.split(find)).join(replace),
  }),
});
