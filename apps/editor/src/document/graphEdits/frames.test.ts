import type { GraphDocument } from "@patchbay/graph";
import { describe, expect, test } from "vitest";
import { after, graph } from "../testing/graphs.js";
import { frameSelection, moveFrame, nodesInFrame } from "./frames.js";
import { nodeBox, titleHeight } from "./nodeBox.js";

const sizeOf = (): readonly [number, number] => [200, 100];
const at = (x: number, y: number, more: object = {}): GraphDocument["nodes"][string] => ({
  type: "Note",
  position: [x, y],
  inputs: {},
  ...more,
});

test("a card stands a title bar above its position, a Reroute does not", () => {
  const document = graph({ 1: at(10, 50), 2: { ...at(10, 50), type: "Reroute" } });
  expect(nodeBox(document, sizeOf, "1")).toEqual({ left: 10, top: 50 - titleHeight, width: 200, height: 100 });
  expect(nodeBox(document, sizeOf, "2")?.top).toBe(50);
  expect(nodeBox(document, sizeOf, "3")).toBeUndefined();
});

test("a frame goes around what is selected, which is then in it", () => {
  const document = graph({ 1: at(0, 0), 2: at(500, 300), 3: at(2000, 0) }, [], { frames: { 4: { title: "", bounds: [0, 0, 1, 1] } } });
  const operations = frameSelection(document, sizeOf, ["1", "2", "gone"], "Mine");
  const done = after(document, operations);
  const frame = done.frames["5"];
  expect(frame?.title).toBe("Mine");
  const [left, top, width, height] = frame?.bounds ?? [0, 0, 0, 0];
  for (const id of ["1", "2"]) {
    const box = nodeBox(document, sizeOf, id);
    expect(box && box.left > left && box.top > top && box.left + box.width < left + width && box.top + box.height < top + height).toBe(
      true,
    );
  }
  expect(nodesInFrame(done, sizeOf, "5")).toEqual(["1", "2"]);
  expect(frameSelection(document, sizeOf, ["gone"], "None")).toEqual([]);
});

describe("moveFrame", () => {
  const document = graph({ 1: at(10, 40), 2: at(150, 40), 3: at(250, 40), 4: at(20, 40, { flags: { pinned: true } }) }, [], {
    frames: {
      outer: { title: "", bounds: [0, 0, 300, 200] },
      inner: { title: "", bounds: [5, 5, 50, 50] },
      beside: { title: "", bounds: [250, 5, 100, 50] },
    },
    reroutes: { in: { position: [30, 30] }, out: { position: [400, 30] } },
  });

  test("moves what has its centre in it, frames and points in it, not what is pinned", () => {
    const done = after(document, moveFrame(document, sizeOf, "outer", [7, -3]));
    expect(Object.values(done.nodes).map(({ position }) => position)).toEqual([
      [17, 37],
      [157, 37],
      [250, 40],
      [20, 40],
    ]);
    expect(Object.values(done.frames).map(({ bounds }) => bounds.slice(0, 2))).toEqual([
      [7, -3],
      [12, 2],
      [250, 5],
    ]);
    expect(Object.values(done.reroutes).map(({ position }) => position)).toEqual([
      [37, 27],
      [400, 30],
    ]);
  });

  test("by nothing, or of no frame, is nothing", () => {
    expect(moveFrame(document, sizeOf, "outer", [0, 0])).toEqual([]);
    expect(moveFrame(document, sizeOf, "gone", [1, 1])).toEqual([]);
    expect(nodesInFrame(document, sizeOf, "gone")).toEqual([]);
  });
});
