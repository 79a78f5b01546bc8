import type { NodeContext } from "../nodeContext.js";

/** What every run of a network is told of the run it belongs to. */
export function engineOptions({ signal, memoryLimit }: Pick<NodeContext, "signal" | "memoryLimit">): {
  signal: AbortSignal;
  memoryLimit?: number;
} {
  return { signal, ...(memoryLimit !== undefined && { memoryLimit }) };
}
