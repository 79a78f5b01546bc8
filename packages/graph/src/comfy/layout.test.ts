import { expect, test } from "vitest";
import { layeredLayout } from "./layout.js";

const heights = (...ids: string[]): Map<string, number> => new Map(ids.map((id) => [id, 100]));
const places = (ids: string[], links: [string, string][]): Record<string, number[]> =>
  Object.fromEntries([...layeredLayout(heights(...ids), links)].map(([id, { position }]) => [id, position]));

test("a node stands one column right of the last node it depends on", () => {
  expect(
    places(
      ["a", "b", "c", "d"],
      [
        ["a", "b"],
        ["b", "c"],
        ["a", "c"],
      ],
    ),
  ).toEqual({ a: [0, 0], b: [400, 0], c: [800, 0], d: [0, 140] });
});

test("links to nowhere, to itself and doubled ones do not matter", () => {
  expect(
    places(
      ["a", "b"],
      [
        ["a", "a"],
        ["x", "b"],
        ["a", "b"],
        ["a", "b"],
      ],
    ),
  ).toEqual({ a: [0, 0], b: [400, 0] });
});

test("a circle is laid out too, every node once and none on another", () => {
  const placed = Object.values(
    places(
      ["a", "b", "c"],
      [
        ["a", "b"],
        ["b", "c"],
        ["c", "b"],
      ],
    ),
  );
  expect(new Set(placed.map(String)).size).toBe(3);
});

test("a chain of 100 000 nodes is laid out without a deep stack", () => {
  const ids = Array.from({ length: 100_000 }, (_, i) => `n${i}`);
  const placed = layeredLayout(
    heights(...ids),
    ids.slice(1).map((id, i) => [ids[i] as string, id]),
  );
  expect(placed.get("n99999")?.position).toEqual([99_999 * 400, 0]);
});
