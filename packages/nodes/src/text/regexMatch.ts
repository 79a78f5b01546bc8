import { defineNode } from "../defineNode.js";
import { readPattern, regexSwitches, textAndPattern } from "./regexInputs.js";

export const regexMatch = defineNode({
  type: "RegexMatch",
  displayName: "Match Text",
  category: "text",
  description: "Whether a regular expression, in Python's syntax, is found in the text.",
  module: "comfy_extras.nodes_string",
  inputs: { ...textAndPattern, ...regexSwitches },
  outputs: { matches: "BOOLEAN" },
  run: ({ string: text, regex_pattern, ...switches }, context) => ({
    matches: readPattern(regex_pattern, switches, context)?.test(text) ?? false,
  }),
});
