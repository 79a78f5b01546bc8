import { EngineError } from "@patchbay/engine";
import { parsePythonFloat } from "./parsePythonFloat.js";

/** A stretch of a prompt under one weight. */
export interface WeightedText {
  readonly text: string;
  readonly weight: number;
}

const EMPHASIS = 1.1;
const MAX_LENGTH = 1 << 20;
const MAX_DEPTH = 250;

/** `\(` and `\)` while parentheses are looked for. They are private to this file: a prompt's own are taken out first. */
const LITERAL_OPEN = "\u0002";
const LITERAL_CLOSE = "\u0001";

/**
 * Splits a prompt by ComfyUI's weight syntax: `(text)` multiplies the weight by 1.1, `(text:1.3)` sets it, `\(` and `\)` are parentheses as such.
 * What isn't closed, or never opened, stays as text; `[text]` has no meaning.
 *
 * @throws MODEL_PROMPT for a prompt beyond a million characters or 250 levels
 */
export function parseWeights(prompt: string): WeightedText[] {
  if (prompt.length > MAX_LENGTH)
    throw new EngineError("MODEL_PROMPT", `Cannot read a prompt of ${prompt.length} characters: at most ${MAX_LENGTH} are right.`);
  const escaped = prompt.replaceAll("\\)", LITERAL_CLOSE).replaceAll("\\(", LITERAL_OPEN);
  const out: WeightedText[] = [];
  collect(escaped, 1, 0, out);
  return out;
}

function collect(text: string, weight: number, depth: number, out: WeightedText[]): void {
  if (depth > MAX_DEPTH) throw new EngineError("MODEL_PROMPT", `Cannot read a prompt with more than ${MAX_DEPTH} levels of parentheses.`);
  for (const part of splitGroups(text)) {
    if (!part.startsWith("(") || !part.endsWith(")")) {
      out.push({ text: part.replaceAll(LITERAL_CLOSE, ")").replaceAll(LITERAL_OPEN, "("), weight });
      continue;
    }
    const inner = part.slice(1, -1);
    const colon = inner.lastIndexOf(":");
    const given = colon > 0 ? parsePythonFloat(inner.slice(colon + 1)) : undefined;
    if (given === undefined) collect(inner, weight * EMPHASIS, depth + 1, out);
    else collect(inner.slice(0, colon), given, depth + 1, out);
  }
}

/** Cuts text into outermost `(…)` groups and what lies between. A stray `)` counts as a level below: it makes the next `(` plain text. */
function splitGroups(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  const cut = (end: number): void => {
    if (end > start) parts.push(text.slice(start, end));
    start = end;
  };
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "(" && depth++ === 0) cut(i);
    else if (text[i] === ")" && --depth === 0) cut(i + 1);
  }
  cut(text.length);
  return parts;
}
