import { defineNode } from "../defineNode.js";
import { boolean, combo, string } from "../inputs.js";

const modes = {
  "Starts With": (a, b) => a.startsWith(b),
  "Ends With": (a, b) => a.endsWith(b),
  Equal: (a, b) => a === b,
} as const satisfies Record<string, (a: string, b: string) => boolean>;

export const stringCompare = defineNode({
  type: "StringCompare",
  displayName: "Compare Text",
  category: "text",
  description: "Whether the first text starts or ends with the second one, or equals it.",
  module: "comfy_extras.nodes_string",
  inputs: {
    string_a: string({ multiline: true }),
    string_b: string({ multiline: true }),
    mode: combo(Object.keys(modes) as (keyof typeof modes)[]),
    case_sensitive: boolean({ advanced: true, default: true }),
  },
  outputs: { BOOLEAN: "BOOLEAN" },
  run({ string_a, string_b, mode, case_sensitive }) {
    const compare = modes[mode];
    return { BOOLEAN: case_sensitive ? compare(string_a, string_b) : compare(string_a.toLowerCase(), string_b.toLowerCase()) };
  },
});
