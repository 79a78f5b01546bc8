import { getOwn, layeredLayout, setOwn } from "@patchbay/graph";
import type { GraphDocument } from "@patchbay/graph";
import type { Operation, Pair } from "../operation.js";
import { boxAround, boxesOf } from "./nodeBox.js";
import type { Box, SizeOf } from "./nodeBox.js";

export type AlignSide = "left" | "right" | "top" | "bottom" | "centreX" | "centreY";

/** The space that `tidyUp` leaves between columns and rows. */
const columnGap = 80;
const rowGap = 40;

/** Brings nodes to one line: their left, right, top or bottom edges, or their centres one below the other (centreX) or side by side (centreY). */
export function alignNodes(document: GraphDocument, sizeOf: SizeOf, ids: Iterable<string>, side: AlignSide): Operation[] {
  const boxes = movable(document, sizeOf, ids);
  const around = boxAround([...boxes.values()]);
  if (!around) return [];
  const place: Record<AlignSide, (box: Box) => readonly [number, number]> = {
    left: ({ top }) => [around.left, top],
    right: ({ top, width }) => [around.left + around.width - width, top],
    top: ({ left }) => [left, around.top],
    bottom: ({ left, height }) => [left, around.top + around.height - height],
    centreX: ({ top, width }) => [around.left + (around.width - width) / 2, top],
    centreY: ({ left, height }) => [left, around.top + (around.height - height) / 2],
  };
  return moves(document, boxes, place[side]);
}

/** Spreads nodes between the outermost ones with equal gaps; fewer than three stay. */
export function distributeNodes(
  document: GraphDocument,
  sizeOf: SizeOf,
  ids: Iterable<string>,
  direction: "horizontal" | "vertical",
): Operation[] {
  const boxes = movable(document, sizeOf, ids);
  const around = boxAround([...boxes.values()]);
  if (!around || boxes.size < 3) return [];
  const across = direction === "horizontal";
  const start = (box: Box): number => (across ? box.left : box.top);
  const extent = (box: Box): number => (across ? box.width : box.height);
  const order = [...boxes].sort(([, a], [, b]) => start(a) + extent(a) / 2 - start(b) - extent(b) / 2);
  const gap = (extent(around) - order.reduce((sum, [, box]) => sum + extent(box), 0)) / (order.length - 1);
  let at = start(around);
  const places = new Map<Box, number>();
  for (const [, box] of order) {
    places.set(box, at);
    at += extent(box) + gap;
  }
  return moves(document, boxes, (box) => {
    const place = places.get(box) as number;
    return across ? [place, box.top] : [box.left, place];
  });
}

/**
 * Lays nodes out in columns, each right of what it depends on, the uppermost first within a column, from the top left corner of where they
 * are. Pinned nodes stay.
 */
export function tidyUp(document: GraphDocument, sizeOf: SizeOf, ids: Iterable<string> = Object.keys(document.nodes)): Operation[] {
  const boxes = movable(document, sizeOf, ids);
  const around = boxAround([...boxes.values()]);
  if (!around) return [];
  const order = [...boxes].sort(([, a], [, b]) => a.top - b.top || a.left - b.left);
  const links = Object.values(document.edges).map(({ from, to }) => [from.node, to.node] as const);
  const placed = layeredLayout(new Map(order.map(([id, { height }]) => [id, height])), links);
  // The layout's columns are of one width; cards are not.
  const columnOf = (id: string): number => placed.get(id)?.position[0] ?? 0;
  const widths = new Map<number, number>();
  for (const [id, { width }] of order) widths.set(columnOf(id), Math.max(width, widths.get(columnOf(id)) ?? 0));
  const lefts = new Map<number, number>();
  let left = around.left;
  for (const [column, width] of [...widths].sort(([a], [b]) => a - b)) {
    lefts.set(column, left);
    left += width + columnGap;
  }
  const bottoms = new Map<number, number>();
  const places = new Map<Box, readonly [number, number]>();
  for (const [id, box] of order) {
    const column = columnOf(id);
    const top = bottoms.get(column) ?? around.top;
    places.set(box, [lefts.get(column) ?? around.left, top]);
    bottoms.set(column, top + box.height + rowGap);
  }
  return moves(document, boxes, (box) => places.get(box) as readonly [number, number]);
}

function movable(document: GraphDocument, sizeOf: SizeOf, ids: Iterable<string>): Map<string, Box> {
  return boxesOf(
    document,
    sizeOf,
    [...ids].filter((id) => getOwn(document.nodes, id)?.flags?.["pinned"] !== true),
  );
}

/** One operation that brings the boxes to their places, to whole units; empty when all are there. */
function moves(document: GraphDocument, boxes: ReadonlyMap<string, Box>, place: (box: Box) => readonly [number, number]): Operation[] {
  const positions: Record<string, Pair> = {};
  for (const [id, box] of boxes) {
    const before = (document.nodes[id] as GraphDocument["nodes"][string]).position;
    const [left, top] = place(box);
    const after: Pair = [Math.round(before[0] + left - box.left), Math.round(before[1] + top - box.top)];
    if (after[0] !== before[0] || after[1] !== before[1]) setOwn(positions, id, after);
  }
  return Object.keys(positions).length > 0 ? [{ kind: "moveNodes", positions }] : [];
}
