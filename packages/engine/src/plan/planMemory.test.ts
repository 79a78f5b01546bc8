import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trace } from "../ir/trace.js";
import type { Tensor } from "../ir/tensor.js";
import { add } from "../ops/binary.js";
import { concat } from "../ops/concat.js";
import { slice } from "../ops/slice.js";
import { unary } from "../ops/unary.js";
import { permute } from "../ops/permute.js";
import { planMemory } from "./planMemory.js";
import { assignStorage } from "./storage.js";

describe("planMemory", () => {
  test("no op writes over what a later op reads", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 0, max: 4 })), { minLength: 1, maxLength: 40 }), (choices) => {
        const graph = trace({ x: { shape: [4, 6] } }, ({ x }) => {
          const made: Tensor[] = [x!];
          for (const [first, second, kind] of choices) {
            const [a, b] = [made[first % made.length]!, made[second % made.length]!];
            if (kind === 0) made.push(unary(a, "abs"));
            else if (kind === 1 && a.elements < 2000) made.push(concat([a, a], 0));
            else if (kind === 2 && a.dim(0) > 1) made.push(slice(a, 0, 1, a.dim(0) - 1));
            else if (kind === 3) made.push(permute(a, [1, 0]));
            else if (a.shape.join() === b.shape.join()) made.push(add(a, b));
          }
          return { y: unary(made.at(-1)!, "exp"), z: made[made.length >> 1]! };
        });
        const stored = assignStorage(graph);
        const { offsets, arenaBytes } = planMemory(stored);
        // Replay: who wrote each 64-byte line of the arena last must be whom the reader expects.
        const owner = new Array<unknown>(arenaBytes / 64).fill(undefined);
        for (const node of stored.steps) {
          for (const input of node.inputs) {
            const { buffer } = stored.storage.get(input!)!;
            if (buffer.kind !== "arena") continue;
            const start = offsets.get(buffer)! / 64;
            for (let line = start; line < start + Math.ceil(buffer.bytes / 64); line++) expect(owner[line]).toBe(buffer);
          }
          const { buffer } = stored.storage.get(node.output)!;
          if (buffer.kind !== "arena") continue;
          const start = offsets.get(buffer)! / 64;
          for (let line = start; line < start + Math.ceil(buffer.bytes / 64); line++) owner[line] = buffer;
        }
      }),
      { numRuns: 200 },
    );
  });

  test("a chain of elementwise ops runs in one place", () => {
    const graph = trace({ x: { shape: [16, 16] } }, ({ x }) => {
      let y = permute(x!, [1, 0]);
      for (let i = 0; i < 5; i++) y = unary(y, "abs");
      return { y: permute(y, [1, 0]) };
    });
    expect(planMemory(assignStorage(graph)).arenaBytes).toBe(16 * 16 * 4);
  });
});
