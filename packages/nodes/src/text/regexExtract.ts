import { defineNode } from "../defineNode.js";
import { combo, int } from "../inputs.js";
import { readPattern, regexSwitches, textAndPattern } from "./regexInputs.js";

type Pick = (matches: readonly RegExpExecArray[], group: number) => readonly string[];

/** What is taken out of the matches; several texts are put on lines of their own. */
const modes = {
  "First Match": ([first]) => (first ? [first[0]] : []),
  // Of patterns with groups the first group counts, as Python's findall has it.
  "All Matches": (matches) => matches.map((match) => (match.length > 1 ? (match[1] ?? "") : match[0])),
  "First Group": ([first], group) => (first ? [first[group] ?? ""] : []),
  "All Groups": (matches, group) => matches.filter(({ length }) => length > 1 && group < length).map((match) => match[group] ?? ""),
} as const satisfies Record<string, Pick>;

export const regexExtract = defineNode({
  type: "RegexExtract",
  displayName: "Extract Text",
  category: "text",
  description: "What a regular expression, in Python's syntax, finds in the text: the first or all, whole or one group of them.",
  module: "comfy_extras.nodes_string",
  inputs: {
    ...textAndPattern,
    mode: combo(Object.keys(modes) as (keyof typeof modes)[]),
    ...regexSwitches,
    group_index: int({ advanced: true, default: 1, min: 0, max: 100 }),
  },
  outputs: { STRING: "STRING" },
  run({ string: text, regex_pattern, mode, group_index, ...switches }, context) {
    const pattern = readPattern(regex_pattern, switches, context);
    const matches = pattern ? Array.from(text.matchAll(pattern)) : [];
    return { STRING: modes[mode](matches, group_index).join("\n") };
  },
});
