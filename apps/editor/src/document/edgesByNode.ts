import type { GraphDocument } from "@patchbay/graph";

/** The edges of a document by the nodes at their ends. */
export interface EdgeIndex {
  /** Target node → input → edge id. Where a file has several edges to one input, the last one, which is the one that counts in a run. */
  readonly byTarget: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Source node → ids of the edges that leave it, in the document's order. */
  readonly bySource: ReadonlyMap<string, readonly string[]>;
}

const indexes = new WeakMap<GraphDocument["edges"], EdgeIndex>();

/** Indexes a document's edges; once per state of them, however often it is asked. */
export function edgesByNode({ edges }: Pick<GraphDocument, "edges">): EdgeIndex {
  let index = indexes.get(edges);
  if (!index) {
    const byTarget = new Map<string, Map<string, string>>();
    const bySource = new Map<string, string[]>();
    for (const [id, { from, to }] of Object.entries(edges)) {
      let inputs = byTarget.get(to.node);
      if (!inputs) byTarget.set(to.node, (inputs = new Map()));
      inputs.set(to.input, id);
      const leaving = bySource.get(from.node);
      if (leaving) leaving.push(id);
      else bySource.set(from.node, [id]);
    }
    index = { byTarget, bySource };
    indexes.set(edges, index);
  }
  return index;
}

/** The id of the edge that feeds an input; undefined when none does. */
export function edgeInto(document: Pick<GraphDocument, "edges">, node: string, input: string): string | undefined {
  return edgesByNode(document).byTarget.get(node)?.get(input);
}

/** The ids of all edges that lead to a node or leave it, each once. */
export function edgesOf(document: Pick<GraphDocument, "edges">, nodes: ReadonlySet<string>): string[] {
  const { bySource } = edgesByNode(document);
  const found = new Set<string>();
  for (const id of nodes) for (const edge of bySource.get(id) ?? []) found.add(edge);
  // Not by target: of several edges to one input that index knows only the last.
  for (const [id, { to }] of Object.entries(document.edges)) if (nodes.has(to.node)) found.add(id);
  return [...found];
}
