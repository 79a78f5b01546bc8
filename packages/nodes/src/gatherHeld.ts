import type { Holding } from "@patchbay/models";

export type { Holding } from "@patchbay/models";

/** Something that holds memory: the bytes of an array, or a part of a model. Two values hold the same where they share it. */
export type Held = ArrayBufferLike | Holding;

/** Values are nested no deeper than this: lists of conditioning entries with tensors in them. */
const MAX_DEPTH = 6;

/** Everything in a node's outputs that holds memory, each thing once: what is counted by whoever keeps results. */
export function gatherHeld(outputs: unknown): Held[] {
  const found = new Set<Held>();
  visit(outputs, found, 0);
  return [...found];
}

function visit(value: unknown, found: Set<Held>, depth: number): void {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return;
  if (ArrayBuffer.isView(value)) found.add(value.buffer);
  else if (Array.isArray(value)) for (const item of value) visit(item, found, depth + 1);
  else if ("holdings" in value) for (const part of value.holdings as readonly Holding[]) found.add(part);
  else for (const name in value) visit((value as Record<string, unknown>)[name], found, depth + 1);
}
