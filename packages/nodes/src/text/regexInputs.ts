import { boolean, string } from "../inputs.js";
import type { NodeContext } from "../nodeContext.js";
import { NodeError } from "../nodeError.js";
import { pythonRegex, type RegexFlags } from "./pythonRegex.js";

/** A text and what to search in it. */
export const textAndPattern = { string: string({ multiline: true }), regex_pattern: string({ multiline: true }) };

/** How to search. */
export const regexSwitches = {
  case_insensitive: boolean({ advanced: true, default: true }),
  multiline: boolean({ advanced: true, default: false }),
  dotall: boolean({ advanced: true, default: false }),
};

interface Switches {
  readonly case_insensitive?: boolean | undefined;
  readonly multiline?: boolean | undefined;
  readonly dotall?: boolean | undefined;
}

/** The switches, by their defaults where they are left alone. */
export function flagsOf({ case_insensitive = true, multiline = false, dotall = false }: Switches): RegexFlags {
  return { caseInsensitive: case_insensitive, multiline, dotall };
}

/** The pattern, or nothing and a warning when it can't be read: a search then finds nothing, as in ComfyUI. */
export function readPattern(pattern: string, switches: Switches, { warn }: Pick<NodeContext, "warn">): RegExp | undefined {
  try {
    return pythonRegex(pattern, flagsOf(switches));
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    warn(error.message);
    return undefined;
  }
}
