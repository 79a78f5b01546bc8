import { getOwn } from "@patchbay/graph";
import type { GraphDocument } from "@patchbay/graph";
import type { Operation } from "../operation.js";

/** Takes an edge out. With the document, also the reroute points that only it ran through. */
export function disconnect(edge: string, document?: GraphDocument): Operation[] {
  return [{ kind: "removeEdge", id: edge }, ...(document ? removeReroutes(document, unusedReroutes(document, new Set([edge]))) : [])];
}

/** The reroute points that edges which go away ran through and no edge that stays does. Points that never had an edge are not among them. */
export function unusedReroutes(document: GraphDocument, gone: ReadonlySet<string>): Set<string> {
  const unused = new Set<string>();
  for (const id of gone) for (const point of pointsOf(document, id)) unused.add(point);
  if (unused.size === 0) return unused;
  for (const id of Object.keys(document.edges)) {
    if (!gone.has(id)) for (const point of pointsOf(document, id)) unused.delete(point);
  }
  return unused;
}

/** Removes reroute points; those behind them come to stand behind the next that stays. Edges are the caller's to mend. */
export function removeReroutes(document: GraphDocument, gone: ReadonlySet<string>): Operation[] {
  if (gone.size === 0) return [];
  const orphans = Object.entries(document.reroutes).filter(([id, { parent }]) => !gone.has(id) && parent !== undefined && gone.has(parent));
  return [
    ...orphans.map(([id, { parent }]): Operation => ({
      kind: "setReroute",
      id,
      patch: { parent: stayingReroute(document, parent, gone) ?? null },
    })),
    ...[...gone].map((id): Operation => ({ kind: "removeReroute", id })),
  ];
}

/** A reroute point, or the nearest one before it that does not go away. */
export function stayingReroute({ reroutes }: GraphDocument, start: string | undefined, gone: ReadonlySet<string>): string | undefined {
  const passed = new Set<string>();
  let at = start;
  while (at !== undefined && gone.has(at) && !passed.has(at)) {
    passed.add(at);
    at = getOwn(reroutes, at)?.parent;
  }
  return at === undefined || gone.has(at) ? undefined : at;
}

/** The reroute points that an edge runs through, from its target on. */
function pointsOf(document: GraphDocument, edge: string): string[] {
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
