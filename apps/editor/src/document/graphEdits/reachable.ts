import { getOwn } from "@patchbay/graph";
import type { GraphDocument } from "@patchbay/graph";
import { edgesByNode } from "../edgesByNode.js";

/** A node and all that depend on it. */
export function nodesAfter(document: Pick<GraphDocument, "edges">, start: string): ReadonlySet<string> {
  const { bySource } = edgesByNode(document);
  return reach(start, (node) => (bySource.get(node) ?? []).map((id) => getOwn(document.edges, id)?.to.node));
}

/** A node and all that it depends on. */
export function nodesBefore(document: Pick<GraphDocument, "edges">, start: string): ReadonlySet<string> {
  const { byTarget } = edgesByNode(document);
  return reach(start, (node) => [...(byTarget.get(node)?.values() ?? [])].map((id) => getOwn(document.edges, id)?.from.node));
}

function reach(start: string, next: (node: string) => readonly (string | undefined)[]): Set<string> {
  const found = new Set([start]);
  for (const node of found) for (const other of next(node)) if (other !== undefined) found.add(other);
  return found;
}
