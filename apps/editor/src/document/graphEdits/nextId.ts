import { getOwn } from "@patchbay/graph";
import type { GraphDocument } from "@patchbay/graph";

/** The decimal id above the highest among a collection's keys; other ids do not count. */
export function idAbove(collection: object, least = 0): number {
  let highest = least;
  for (const id of Object.keys(collection)) {
    if (!/^[1-9]\d{0,14}$/.test(id)) continue;
    const number = Number(id);
    if (number > highest) highest = number;
  }
  return highest + 1;
}

/** The id for the next node: the decimal one above the highest that is, or by its file ever was, given, as ComfyUI numbers nodes. */
export function nextId(document: Pick<GraphDocument, "nodes" | "rest">): string {
  return String(idAbove(document.nodes, lastGiven(document, "last_node_id")));
}

/** Like `nextId`, for an edge. */
export function nextEdgeId(document: Pick<GraphDocument, "edges" | "rest">): string {
  return String(idAbove(document.edges, lastGiven(document, "last_link_id")));
}

function lastGiven({ rest }: Pick<GraphDocument, "rest">, key: string): number {
  const given = rest && getOwn(rest, key);
  return typeof given === "number" && Number.isSafeInteger(given) && given > 0 ? given : 0;
}
