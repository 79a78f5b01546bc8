import { getOwn, setOwn } from "@patchbay/graph";
import type { DocumentFrame, GraphDocument } from "@patchbay/graph";
import type { Operation, Pair } from "../operation.js";
import { idAbove } from "./nextId.js";
import { boxAround, boxesOf, nodeBox } from "./nodeBox.js";
import type { SizeOf } from "./nodeBox.js";

const padding = 24;
/** Room for the frame's own title. */
const titleRoom = 32;

/** Puts a frame around nodes; empty when none of them is there. */
export function frameSelection(document: GraphDocument, sizeOf: SizeOf, ids: Iterable<string>, title: string): Operation[] {
  const around = boxAround([...boxesOf(document, sizeOf, ids).values()]);
  if (!around) return [];
  const bounds: DocumentFrame["bounds"] = [
    Math.round(around.left - padding),
    Math.round(around.top - padding - titleRoom),
    Math.round(around.width + 2 * padding),
    Math.round(around.height + 2 * padding + titleRoom),
  ];
  return [{ kind: "addFrame", id: String(idAbove(document.frames)), frame: { title, bounds } }];
}

/** The ids of the nodes whose cards have their centre in a frame; none when there is no such frame. */
export function nodesInFrame(document: GraphDocument, sizeOf: SizeOf, frame: string): string[] {
  const bounds = getOwn(document.frames, frame)?.bounds;
  if (!bounds) return [];
  return Object.keys(document.nodes).filter((id) => {
    const box = nodeBox(document, sizeOf, id);
    return box !== undefined && holds(bounds, box.left + box.width / 2, box.top + box.height / 2);
  });
}

/** Moves a frame and what is in it: nodes, but for pinned ones, by their centre, reroute points, and frames that are wholly inside. */
export function moveFrame(document: GraphDocument, sizeOf: SizeOf, frame: string, [dx, dy]: readonly [number, number]): Operation[] {
  const bounds = getOwn(document.frames, frame)?.bounds;
  if (!bounds || (dx === 0 && dy === 0)) return [];
  const [left, top, width, height] = bounds;
  const positions: Record<string, Pair> = {};
  for (const id of nodesInFrame(document, sizeOf, frame)) {
    const node = getOwn(document.nodes, id);
    if (node && node.flags?.["pinned"] !== true) setOwn(positions, id, [node.position[0] + dx, node.position[1] + dy]);
  }
  const operations: Operation[] = [];
  for (const [id, { bounds: inner }] of Object.entries(document.frames)) {
    const inside =
      inner[0] >= left &&
      inner[1] >= top &&
      inner[0] + inner[2] <= left + width &&
      inner[1] + inner[3] <= top + height &&
      !sameBounds(inner, bounds);
    if (id === frame || inside)
      operations.push({ kind: "setFrame", id, patch: { bounds: [inner[0] + dx, inner[1] + dy, inner[2], inner[3]] } });
  }
  for (const [id, { position }] of Object.entries(document.reroutes)) {
    if (holds(bounds, ...position)) operations.push({ kind: "setReroute", id, patch: { position: [position[0] + dx, position[1] + dy] } });
  }
  if (Object.keys(positions).length > 0) operations.push({ kind: "moveNodes", positions });
  return operations;
}

function holds([left, top, width, height]: DocumentFrame["bounds"], x: number, y: number): boolean {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

function sameBounds(a: DocumentFrame["bounds"], b: DocumentFrame["bounds"]): boolean {
  return a.every((value, i) => value === b[i]);
}
