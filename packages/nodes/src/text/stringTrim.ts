import { defineNode } from "../defineNode.js";
import { combo, string } from "../inputs.js";
import { SPACE } from "./pythonSpace.js";

const start = new RegExp(`^[${SPACE}]+`, "u");
const end = new RegExp(`(?<![${SPACE}])[${SPACE}]+$`, "u");

export const stringTrim = defineNode({
  type: "StringTrim",
  displayName: "Trim Text",
  category: "text",
  description: "The text without white space at its start, its end, or both.",
  module: "comfy_extras.nodes_string",
  inputs: { string: string({ multiline: true }), mode: combo(["Both", "Left", "Right"]) },
  outputs: { STRING: "STRING" },
  run({ string: text, mode }) {
    const left = mode === "Right" ? text : text.replace(start, "");
    return { STRING: mode === "Left" ? left : left.replace(end, "") };
  },
});
