import { getOwn } from "@patchbay/graph";
import type { GraphDocument } from "@patchbay/graph";
import type { Operation } from "../operation.js";

/** Takes an edge out. With the document, also the reroute points that only it ran through. */
export function disconnect(edge: string, document?: GraphDocument): Operation[] {
  return [{ kind: "removeEdge", id: edge }, ...(document ? removeUnusedReroutes(document, new Set([edge])) : [])];
}

/** Removes the reroute points that edges which go away ran through and no edge that stays does. Points that never had an edge are left alone. */
export function removeUnusedReroutes(document: GraphDocument, gone: ReadonlySet<string>): Operation[] {
  const unused = new Set<string>();
  for (const id of gone) for (const point of pointsOf(document, id)) unused.add(point);
  if (unused.size === 0) return [];
  for (const id of Object.keys(document.edges)) {
    if (!gone.has(id)) for (const point of pointsOf(document, id)) unused.delete(point);
  }
  return [...unused].map((id) => ({ kind: "removeReroute", id }));
}

/** The reroute points that an edge runs through, from its target on. */
export function pointsOf(document: GraphDocument, edge: string): string[] {
  const points = new Set<string>();
  let at = getOwn(document.edges, edge)?.reroute;
  while (at !== undefined && !points.has(at)) {
    const point = getOwn(document.reroutes, at);
    if (!point) break;
    points.add(at);
    at = point.parent;
  }
  return [...points];
}
