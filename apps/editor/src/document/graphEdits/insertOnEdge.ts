import { getOwn, typesMatch } from "@patchbay/graph";
import type { Catalog, GraphDocument } from "@patchbay/graph";
import type { CardInput } from "../card.js";
import { cardOf } from "../cardLayout.js";
import type { Operation } from "../operation.js";
import { isConnectable, offeredType, typeProblem, wantedTypes } from "./canConnect.js";
import { nextEdgeId } from "./nextId.js";
import { nodesAfter, nodesBefore } from "./reachable.js";

/**
 * Splices a node into an edge: its first free input that takes what the edge brings (the same type before any type, sockets before fields), and
 * its first output that fits the edge's end. Empty when it does not fit, is at one of the edge's ends, or a circle would come of it.
 */
export function insertOnEdge(document: GraphDocument, catalog: Catalog, nodeId: string, edgeId: string): Operation[] {
  const edge = getOwn(document.edges, edgeId);
  const ends = edge && [edge.from.node, edge.to.node];
  if (!edge || !ends || ends.includes(nodeId) || [...ends, nodeId].some((id) => !Object.hasOwn(document.nodes, id))) return [];
  const offered = offeredType(document, catalog, edge.from);
  const wanted = wantedTypes(document, catalog, edge.to);
  if (!offered || !wanted || nodesAfter(document, nodeId).has(edge.from.node) || nodesBefore(document, nodeId).has(edge.to.node)) return [];
  const card = cardOf(document, catalog, nodeId);
  const inputs = [...card.sockets, ...card.fields].filter((input) => isConnectable(input) && input.edge === undefined);
  const takes = (input: CardInput): boolean =>
    typeProblem(offered, { types: [input.type], holdsValue: input.kind !== "link" }) === undefined;
  const input = inputs.find((candidate) => candidate.type === offered.type && takes(candidate)) ?? inputs.find(takes);
  if (!input) return [];
  // What passes through a Reroute, which has no type of its own yet, is what it is put on.
  const passesOn = getOwn(document.nodes, nodeId)?.type === "Reroute";
  const gives = (type: string): boolean => wanted.types.every((other) => typesMatch(passesOn && type === "*" ? offered.type : type, other));
  const output = card.outputs.find(({ type }) => wanted.types.includes(type)) ?? card.outputs.find(({ type }) => gives(type));
  if (!output || !gives(output.type)) return [];
  const { reroute, rest } = edge;
  return [
    { kind: "addEdge", id: nextEdgeId(document), edge: { from: edge.from, to: { node: nodeId, input: input.key } } },
    {
      kind: "setEdge",
      id: edgeId,
      edge: {
        from: { node: nodeId, output: output.key },
        to: edge.to,
        ...(reroute === undefined ? {} : { reroute }),
        ...(rest ? { rest } : {}),
      },
    },
  ];
}
