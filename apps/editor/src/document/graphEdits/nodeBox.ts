import { getOwn } from "@patchbay/graph";
import type { GraphDocument } from "@patchbay/graph";

/** The size of a node's card with its title bar, in canvas units. */
export type SizeOf = (id: string) => readonly [width: number, height: number];

/** The height of a card's title bar, which stands above a node's position, as in ComfyUI's files. */
export const titleHeight = 28;

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where a node's card is drawn, its title bar included; Reroute nodes have none. Undefined when there is no such node. */
export function nodeBox(document: GraphDocument, sizeOf: SizeOf, id: string): Box | undefined {
  const node = getOwn(document.nodes, id);
  if (!node) return undefined;
  const [width, height] = sizeOf(id);
  return { left: node.position[0], top: node.position[1] - (node.type === "Reroute" ? 0 : titleHeight), width, height };
}

/** The smallest box around others; undefined around none. */
export function boxAround(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const box of boxes) {
    left = Math.min(left, box.left);
    top = Math.min(top, box.top);
    right = Math.max(right, box.left + box.width);
    bottom = Math.max(bottom, box.top + box.height);
  }
  return { left, top, width: right - left, height: bottom - top };
}

/** The boxes of the nodes that are there, by id. */
export function boxesOf(document: GraphDocument, sizeOf: SizeOf, ids: Iterable<string>): Map<string, Box> {
  const boxes = new Map<string, Box>();
  for (const id of ids) {
    const box = nodeBox(document, sizeOf, id);
    if (box) boxes.set(id, box);
  }
  return boxes;
}
