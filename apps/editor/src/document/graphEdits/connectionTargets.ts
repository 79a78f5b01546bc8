import type { Catalog, GraphDocument } from "@patchbay/graph";
import { cardOf } from "../cardLayout.js";
import { isConnectable, offeredType, typeProblem, wantedTypes } from "./canConnect.js";
import type { InputRef, Offered, OutputRef, Wanted } from "./canConnect.js";
import { nodesAfter, nodesBefore } from "./reachable.js";

/** Whether a port of a node can take the wire that is in the hand. */
export type PortMatcher = (node: string, port: string) => boolean;

/**
 * Which inputs a wire from an output can go to: the same answers as `canConnect`, but what does not depend on the input is found once, so that
 * a question during a drag takes constant time.
 */
export function connectionTargets(document: GraphDocument, catalog: Catalog, from: OutputRef): PortMatcher {
  const offered = Object.hasOwn(document.nodes, from.node) ? offeredType(document, catalog, from) : undefined;
  if (!offered) return () => false;
  const before = nodesBefore(document, from.node);
  const wanted = perNode(document, (node) => wantedByInput(document, catalog, node));
  return (node, input) => {
    if (before.has(node)) return false;
    const want = wanted(node)?.get(input);
    return want !== undefined && typeProblem(offered, want) === undefined;
  };
}

/** Which outputs a wire can come from that is pulled from an input; see `connectionTargets`. */
export function connectionSources(document: GraphDocument, catalog: Catalog, to: InputRef): PortMatcher {
  const wanted = Object.hasOwn(document.nodes, to.node) ? wantedTypes(document, catalog, to) : undefined;
  if (!wanted) return () => false;
  const after = nodesAfter(document, to.node);
  const offered = perNode(document, (node) => offeredByOutput(document, catalog, node));
  return (node, output) => {
    if (after.has(node)) return false;
    const offer = offered(node)?.get(output);
    return offer !== undefined && typeProblem(offer, wanted) === undefined;
  };
}

/** Computes something for a node when it is first asked for; undefined for a node that is not there. */
function perNode<T>({ nodes }: GraphDocument, compute: (node: string) => T): (node: string) => T | undefined {
  const known = new Map<string, T>();
  return (node) => {
    let value = known.get(node);
    if (value === undefined && Object.hasOwn(nodes, node)) known.set(node, (value = compute(node)));
    return value;
  };
}

function wantedByInput(document: GraphDocument, catalog: Catalog, node: string): ReadonlyMap<string, Wanted> {
  const { sockets, fields } = cardOf(document, catalog, node);
  const reroute = document.nodes[node]?.type === "Reroute";
  const entries = [...sockets, ...fields]
    .filter(isConnectable)
    .map((input): [string, Wanted | undefined] => [
      input.key,
      reroute ? wantedTypes(document, catalog, { node, input: input.key }) : { types: [input.type], holdsValue: input.kind !== "link" },
    ]);
  return new Map(entries.filter((entry): entry is [string, Wanted] => entry[1] !== undefined));
}

function offeredByOutput(document: GraphDocument, catalog: Catalog, node: string): ReadonlyMap<string, Offered> {
  const valuesOnly = document.nodes[node]?.type === "PrimitiveNode";
  return new Map(cardOf(document, catalog, node).outputs.map(({ key, type }) => [key, { type, valuesOnly }]));
}
