import { getOwn } from "@patchbay/graph";
import type { DocumentEdge, GraphDocument } from "@patchbay/graph";
import { edgesByNode } from "./edgesByNode.js";

export interface OutputRef {
  readonly node: string;
  readonly output: string;
}

export interface InputRef {
  readonly node: string;
  readonly input: string;
}

/** The edge that feeds a Reroute node, whatever its one input is called. */
export function edgeIntoReroute(document: GraphDocument, id: string): DocumentEdge | undefined {
  const edge = edgesByNode(document).byTarget.get(id)?.values().next().value;
  return edge === undefined ? undefined : getOwn(document.edges, edge);
}

/** Where an edge comes from when Reroute nodes are passed through; undefined when the last of them is fed by nothing, or by itself. */
export function sourceOf(document: GraphDocument, edge: DocumentEdge): OutputRef | undefined {
  const passed = new Set<string>();
  let at: DocumentEdge | undefined = edge;
  while (at) {
    const { node } = at.from;
    if (getOwn(document.nodes, node)?.type !== "Reroute") return at.from;
    if (passed.has(node)) return undefined;
    passed.add(node);
    at = edgeIntoReroute(document, node);
  }
  return undefined;
}

/** The inputs that a node's outputs feed in the end, Reroute nodes passed through. */
export function* consumersOf(document: GraphDocument, node: string, output?: string): Generator<InputRef> {
  const { bySource } = edgesByNode(document);
  const open = [node];
  const passed = new Set(open);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const id of bySource.get(at) ?? []) {
      const edge = getOwn(document.edges, id);
      if (!edge || (at === node && output !== undefined && edge.from.output !== output)) continue;
      const target = getOwn(document.nodes, edge.to.node);
      if (target?.type !== "Reroute") {
        if (target) yield edge.to;
      } else if (!passed.has(edge.to.node)) {
        passed.add(edge.to.node);
        open.push(edge.to.node);
      }
    }
  }
}
