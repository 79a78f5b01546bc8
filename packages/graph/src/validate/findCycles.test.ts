import fc from "fast-check";
import { expect, test } from "vitest";
import { findCycles } from "./findCycles.js";

const cyclesOf = (links: Record<string, string[]>): string[][] => findCycles(Object.keys(links), (id) => links[id] ?? []);

test("each group of nodes that reach one another gives one circle", () => {
  expect(cyclesOf({ a: ["b"], b: ["c"], c: [] })).toEqual([]);
  expect(cyclesOf({ a: ["a"], b: ["a"] })).toEqual([["a"]]);
  expect(cyclesOf({ a: ["b"], b: ["a"], c: ["a", "d"], d: ["e"], e: ["c"] })).toEqual([
    ["a", "b"],
    ["c", "d", "e"],
  ]);
});

test("the lead into a circle is no part of it", () => {
  expect(cyclesOf({ a: ["b"], b: ["c", "d"], c: ["b"], d: [] })).toEqual([["b", "c"]]);
});

test("agrees with a search from every node", () => {
  const graph = fc.array(fc.uniqueArray(fc.nat(7), { maxLength: 3 }), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(graph, (needs) => {
      const reaches = needs.map((_, from) => {
        const found = new Set<number>();
        const open = [...needs[from]!];
        for (let id = open.pop(); id !== undefined; id = open.pop()) {
          if (!found.has(id)) open.push(...needs[id]!);
          found.add(id);
        }
        return found;
      });
      const onCircle = needs.map((_, id) => id).filter((id) => reaches[id]!.has(id));
      const groups = new Set(onCircle.map((id) => onCircle.filter((other) => reaches[id]!.has(other) && reaches[other]!.has(id)).join()));
      const cycles = findCycles(
        needs.map((_, id) => String(id)),
        (id) => needs[Number(id)]!.map(String),
      );
      expect(cycles).toHaveLength(groups.size);
      for (const cycle of cycles) {
        for (const [i, id] of cycle.entries()) expect(needs[Number(id)]).toContain(Number(cycle[(i + 1) % cycle.length]));
      }
    }),
  );
});
