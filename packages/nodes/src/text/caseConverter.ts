import { defineNode } from "../defineNode.js";
import { combo, string } from "../inputs.js";

const modes = {
  UPPERCASE: (text) => text.toUpperCase(),
  lowercase: (text) => text.toLowerCase(),
  Capitalize: (text) => capitalize(text),
  // As in Python, whatever has no case ends a word: "they're" becomes "They'Re".
  "Title Case": (text) => text.replace(/\p{Cased}+/gu, capitalize),
} as const satisfies Record<string, (text: string) => string>;

export const caseConverter = defineNode({
  type: "CaseConverter",
  displayName: "Convert Text Case",
  category: "text",
  description: "The text in capitals, in small letters, with a capital at its start or at the start of each word.",
  module: "comfy_extras.nodes_string",
  inputs: { string: string({ multiline: true }), mode: combo(Object.keys(modes) as (keyof typeof modes)[]) },
  outputs: { STRING: "STRING" },
  run: ({ string: text, mode }) => ({ STRING: modes[mode](text) }),
});

function capitalize(text: string): string {
  const [first = "", ...rest] = Array.from(text);
  // "ß" alone becomes "Ss", not "SS".
  const [capital = "", ...more] = Array.from(first.toUpperCase());
  return capital + (more.join("") + rest.join("")).toLowerCase();
}
