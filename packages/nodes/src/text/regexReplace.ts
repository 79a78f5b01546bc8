import { defineNode } from "../defineNode.js";
import { int, optional, string } from "../inputs.js";
import { fillTemplate, pythonRegex } from "./pythonRegex.js";
import { flagsOf, regexSwitches, textAndPattern } from "./regexInputs.js";

const { case_insensitive, multiline, dotall } = regexSwitches;

export const regexReplace = defineNode({
  type: "RegexReplace",
  displayName: "Replace Text (Regex)",
  category: "text",
  description: "Replaces what a regular expression, in Python's syntax, finds: the first so many times, or all with a count of 0.",
  module: "comfy_extras.nodes_string",
  inputs: {
    ...textAndPattern,
    replace: string({ multiline: true }),
    case_insensitive: optional(case_insensitive),
    multiline: optional(multiline),
    dotall: optional(dotall),
    count: optional(int({ advanced: true, default: 0, min: 0, max: 100 })),
  },
  outputs: { STRING: "STRING" },
  run({ string: text, regex_pattern, replace, count = 0, ...switches }) {
    const pattern = pythonRegex(regex_pattern, flagsOf(switches));
    let [replaced, end, done] = ["", 0, 0];
    for (const match of text.matchAll(pattern)) {
      if (count > 0 && done === count) break;
      replaced += text.slice(end, match.index) + fillTemplate(replace, match);
      end = match.index + match[0].length;
      done++;
    }
    return { STRING: replaced + text.slice(end) };
  },
});
