import { writePlan } from "./writePlan.js";

/** x[rows, 8] through `depth` attentions: a run as long as one likes. */
export function longPlan(rows: number, depth: number): Uint8Array {
  const dims = [1, rows, 8];
  const bytes = rows * 32;
  return writePlan({
    tensors: [
      { kind: "input", dims },
      { kind: "output", dims },
      ...[0, 1].map((at) => ({ kind: "arena" as const, dims, offset: at * bytes })),
    ],
    ops: Array.from({ length: depth }, (_, i) => {
      const from = i === 0 ? 0 : 2 + (i % 2);
      return {
        op: "attention" as const,
        inputs: [from, from, from],
        output: i === depth - 1 ? 1 : 3 - (i % 2),
        ints: [1, 0],
        floats: [0.5],
      };
    }),
    arenaBytes: bytes * 2,
  });
}
