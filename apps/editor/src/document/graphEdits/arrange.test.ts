import type { GraphDocument } from "@patchbay/graph";
import { describe, expect, test } from "vitest";
import { after, graph, textToImage } from "../testing/graphs.js";
import { alignNodes, distributeNodes, tidyUp } from "./arrange.js";
import type { AlignSide } from "./arrange.js";
import { nodeBox } from "./nodeBox.js";

const sizes: Readonly<Record<string, readonly [number, number]>> = { 1: [100, 60], 2: [200, 100], 3: [50, 40] };
const sizeOf = (id: string): readonly [number, number] => sizes[id] ?? [480, 200];
const at = (x: number, y: number, more: object = {}): GraphDocument["nodes"][string] => ({
  type: "Note",
  position: [x, y],
  inputs: {},
  ...more,
});
const positions = ({ nodes }: GraphDocument): unknown[] => Object.values(nodes).map(({ position }) => position);

describe("alignNodes", () => {
  const document = graph({ 1: at(0, 0), 2: at(300, 50), 3: at(120, 200), 4: at(-500, 9, { flags: { pinned: true } }) });
  const aligned = (side: AlignSide): unknown[] =>
    positions(after(document, alignNodes(document, sizeOf, ["1", "2", "3", "4"], side))).slice(0, 3);

  test("brings edges or centres to one line; what is pinned neither moves nor counts", () => {
    expect(aligned("left")).toEqual([
      [0, 0],
      [0, 50],
      [0, 200],
    ]);
    expect(aligned("right")).toEqual([
      [400, 0],
      [300, 50],
      [450, 200],
    ]);
    expect(aligned("top")).toEqual([
      [0, 0],
      [300, 0],
      [120, 0],
    ]);
    expect(aligned("bottom")).toEqual([
      [0, 180],
      [300, 140],
      [120, 200],
    ]);
    expect(aligned("centreX")).toEqual([
      [200, 0],
      [150, 50],
      [225, 200],
    ]);
    expect(aligned("centreY")).toEqual([
      [0, 90],
      [300, 70],
      [120, 100],
    ]);
  });

  test("of what is in line already, or of nothing, is nothing", () => {
    expect(alignNodes(document, sizeOf, ["1"], "left")).toEqual([]);
    expect(alignNodes(document, sizeOf, [], "left")).toEqual([]);
  });
});

test("distributeNodes makes the gaps equal and leaves the outermost", () => {
  const across = graph({ 1: at(0, 0), 3: at(110, 5), 2: at(400, 9) });
  expect(positions(after(across, distributeNodes(across, sizeOf, ["1", "2", "3"], "horizontal")))).toEqual([
    [0, 0],
    [400, 9],
    [225, 5],
  ]);
  const down = graph({ 1: at(0, 0), 3: at(0, 70), 2: at(0, 300) });
  expect(positions(after(down, distributeNodes(down, sizeOf, ["1", "2", "3"], "vertical")))).toEqual([
    [0, 0],
    [0, 300],
    [0, 160],
  ]);
  expect(distributeNodes(across, sizeOf, ["1", "2"], "horizontal")).toEqual([]);
});

describe("tidyUp", () => {
  test("puts every node right of what feeds it, overlapping none", () => {
    const document = textToImage();
    const done = after(document, tidyUp(document, sizeOf));
    const boxes = Object.keys(done.nodes).map((id) => [id, nodeBox(done, sizeOf, id)!] as const);
    const boxOf = new Map(boxes);
    for (const { from, to } of Object.values(done.edges)) {
      expect(boxOf.get(to.node)!.left).toBeGreaterThan(boxOf.get(from.node)!.left + boxOf.get(from.node)!.width);
    }
    for (const [id, a] of boxes) {
      for (const [other, b] of boxes) {
        if (id === other) continue;
        const apart = a.left + a.width <= b.left || b.left + b.width <= a.left || a.top + a.height <= b.top || b.top + b.height <= a.top;
        expect([id, other, apart]).toEqual([id, other, true]);
      }
    }
    expect(tidyUp(done, sizeOf)).toEqual([]);
  });

  test("keeps the order from top to bottom, the corner, and what is pinned or not meant", () => {
    const document = graph({ 1: at(50, 500), 2: at(70, 100), 3: at(90, 300), 5: at(1000, 1000), 6: at(0, 0, { flags: { pinned: true } }) });
    const done = after(document, tidyUp(document, sizeOf, ["1", "2", "3", "6"]));
    expect(positions(done)).toEqual([
      [50, 320],
      [50, 100],
      [50, 240],
      [1000, 1000],
      [0, 0],
    ]);
  });
});
