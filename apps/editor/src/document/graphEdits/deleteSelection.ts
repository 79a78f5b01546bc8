import { getOwn, typesMatch } from "@patchbay/graph";
import type { Catalog, DocumentEdge, GraphDocument } from "@patchbay/graph";
import { cardInput, cardOf } from "../cardLayout.js";
import { edgesOf } from "../edgesByNode.js";
import type { Operation } from "../operation.js";
import type { OutputRef } from "../throughReroutes.js";
import { removeReroutes, stayingReroute, unusedReroutes } from "./unusedReroutes.js";

/** Ids of what is selected; what is left out is empty. */
export interface Selection {
  readonly nodes?: Iterable<string>;
  readonly edges?: Iterable<string>;
  readonly frames?: Iterable<string>;
  readonly reroutes?: Iterable<string>;
}

/**
 * Deletes what is selected, and the edges and reroute points that have no ends left. With `heal`, what a deleted node fed is linked to what
 * fed an input of the same type on it, through chains of deleted nodes, as if it had been bypassed, and a field that a deleted primitive set
 * keeps the value. A frame's nodes stay. Ids that are not there are passed over.
 */
export function deleteSelection(
  document: GraphDocument,
  catalog: Catalog,
  selection: Selection,
  { heal = true }: { readonly heal?: boolean } = {},
): Operation[] {
  const nodes = present(selection.nodes, document.nodes);
  const frames = present(selection.frames, document.frames);
  const reroutes = present(selection.reroutes, document.reroutes);
  const gone = new Set([...edgesOf(document, nodes), ...present(selection.edges, document.edges)]);
  const changed = new Map<string, DocumentEdge>();
  const values: Operation[] = [];
  if (heal) {
    for (const id of gone) {
      const edge = document.edges[id] as DocumentEdge;
      if (!nodes.has(edge.from.node) || nodes.has(edge.to.node) || !Object.hasOwn(document.nodes, edge.to.node)) continue;
      const source = sourceBeyond(document, catalog, edge, nodes);
      if (source) changed.set(id, moved(edge, source));
      else values.push(...keptValue(document, edge));
    }
    for (const id of changed.keys()) gone.delete(id);
  }
  if (reroutes.size > 0) rejoin(document, reroutes, gone, changed);
  return [
    ...[...gone].map((id): Operation => ({ kind: "removeEdge", id })),
    ...[...changed].map(([id, edge]): Operation => ({ kind: "setEdge", id, edge })),
    ...values,
    ...[...nodes].map((id): Operation => ({ kind: "removeNode", id })),
    ...[...frames].map((id): Operation => ({ kind: "removeFrame", id })),
    ...removeReroutes(document, new Set([...reroutes, ...unusedReroutes(document, gone)])),
  ];
}

function present(ids: Iterable<string> | undefined, collection: object): Set<string> {
  return new Set([...(ids ?? [])].filter((id) => Object.hasOwn(collection, id)));
}

/** The edge from another source; the type that it was said to have may no longer be true. */
function moved({ to, reroute, rest }: DocumentEdge, from: OutputRef): DocumentEdge {
  return { from: { ...from }, to, ...(reroute === undefined ? {} : { reroute }), ...(rest ? { rest } : {}) };
}

/** What feeds the edge when the deleted nodes pass through what they take in. */
function sourceBeyond(document: GraphDocument, catalog: Catalog, edge: DocumentEdge, deleted: ReadonlySet<string>): OutputRef | undefined {
  const wanted = cardInput(cardOf(document, catalog, edge.to.node), edge.to.input)?.type ?? "*";
  const passed = new Set<string>();
  let at: OutputRef | undefined = edge.from;
  while (at && deleted.has(at.node)) {
    const mark = JSON.stringify([at.node, at.output]);
    if (passed.has(mark)) return undefined;
    passed.add(mark);
    at = passedThrough(document, catalog, at);
  }
  if (!at || !Object.hasOwn(document.nodes, at.node)) return undefined;
  const { output } = at;
  const given = cardOf(document, catalog, at.node).outputs.find(({ key }) => key === output)?.type ?? "*";
  return typesMatch(given, wanted) ? at : undefined;
}

/** What feeds the linked input that passes through to an output: the first of its type, else the first that fits. */
function passedThrough(document: GraphDocument, catalog: Catalog, { node, output }: OutputRef): OutputRef | undefined {
  const card = cardOf(document, catalog, node);
  const type = card.outputs.find(({ key }) => key === output)?.type ?? "*";
  const linked = [...card.sockets, ...card.fields].filter(({ edge }) => edge !== undefined);
  const input = linked.find((candidate) => candidate.type === type) ?? linked.find((candidate) => typesMatch(candidate.type, type));
  return input?.edge === undefined ? undefined : getOwn(document.edges, input.edge)?.from;
}

function keptValue(document: GraphDocument, { from, to }: DocumentEdge): Operation[] {
  const primitive = document.nodes[from.node];
  const value = primitive?.type === "PrimitiveNode" ? primitive.inputs["value"] : undefined;
  const isReroute = document.nodes[to.node]?.type === "Reroute";
  return value === undefined || isReroute ? [] : [{ kind: "setInput", node: to.node, name: to.input, value }];
}

/** Edges through reroute points that are deleted run through the next one that stays. */
function rejoin(
  document: GraphDocument,
  deleted: ReadonlySet<string>,
  gone: ReadonlySet<string>,
  changed: Map<string, DocumentEdge>,
): void {
  for (const [id, before] of Object.entries(document.edges)) {
    const edge = changed.get(id) ?? before;
    if (gone.has(id) || edge.reroute === undefined || !deleted.has(edge.reroute)) continue;
    const { reroute, ...rest } = edge;
    const next = stayingReroute(document, reroute, deleted);
    changed.set(id, next === undefined ? rest : { ...rest, reroute: next });
  }
}
