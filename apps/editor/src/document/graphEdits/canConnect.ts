import { getOwn, typesMatch } from "@patchbay/graph";
import type { Catalog, GraphDocument } from "@patchbay/graph";
import type { CardInput } from "../card.js";
import { cardInput, cardOf } from "../cardLayout.js";
import { consumersOf } from "../throughReroutes.js";
import type { InputRef, OutputRef } from "../throughReroutes.js";
import { nodesAfter } from "./reachable.js";

export type { InputRef, OutputRef } from "../throughReroutes.js";

/** Whether an output may feed an input; see `connectionProblem`. */
export function canConnect(document: GraphDocument, catalog: Catalog, from: OutputRef, to: InputRef): boolean {
  return connectionProblem(document, catalog, from, to) === undefined;
}

/**
 * Why an output may not feed an input, in words; undefined when it may: both are there, the types match (Reroute nodes have the type of what
 * passes through them, a PrimitiveNode that of the values it sets), the input takes wires, and no circle comes of it. An edge that is there
 * already does not stand in the way: `connect` replaces it.
 */
export function connectionProblem(document: GraphDocument, catalog: Catalog, from: OutputRef, to: InputRef): string | undefined {
  if (!Object.hasOwn(document.nodes, from.node) || !Object.hasOwn(document.nodes, to.node)) return "one of the nodes is not in the graph";
  if (from.node === to.node) return "a node cannot feed itself";
  const type = offeredType(document, catalog, from);
  if (!type) return `node ${JSON.stringify(from.node)} has no output ${JSON.stringify(from.output)}`;
  const wanted = wantedTypes(document, catalog, to);
  if (!wanted) return `node ${JSON.stringify(to.node)} has no input ${JSON.stringify(to.input)} that takes a wire`;
  const problem = typeProblem(type, wanted);
  if (problem !== undefined) return problem;
  return nodesAfter(document, to.node).has(from.node) ? "the wire would close a circle" : undefined;
}

/** What an output gives: its type, and whether it can only set values. */
export interface Offered {
  readonly type: string;
  readonly valuesOnly: boolean;
}

/** What an input takes: its types, all of which must be met, and whether it holds a value of its own. */
export interface Wanted {
  readonly types: readonly string[];
  readonly holdsValue: boolean;
}

/** The type that an output gives; undefined when the node has no such output. */
export function offeredType(document: GraphDocument, catalog: Catalog, { node, output }: OutputRef): Offered | undefined {
  const port = cardOf(document, catalog, node).outputs.find(({ key }) => key === output);
  return port && { type: port.type, valuesOnly: getOwn(document.nodes, node)?.type === "PrimitiveNode" };
}

/** What an input takes; undefined when the node has no such input or it takes no wire. */
export function wantedTypes(document: GraphDocument, catalog: Catalog, { node, input }: InputRef): Wanted | undefined {
  const port = cardInput(cardOf(document, catalog, node), input);
  if (!port || !isConnectable(port)) return undefined;
  if (getOwn(document.nodes, node)?.type !== "Reroute") return { types: [port.type], holdsValue: port.kind !== "link" };
  // What feeds it now will be replaced, so only what it feeds counts.
  const fed: CardInput[] = [];
  for (const consumer of consumersOf(document, node)) {
    const target = cardInput(cardOf(document, catalog, consumer.node), consumer.input);
    if (target) fed.push(target);
  }
  return { types: [...new Set(fed.map(({ type }) => type))], holdsValue: fed.every(({ kind }) => kind !== "link") };
}

/** Whether an input can be linked at all. */
export function isConnectable({ promoted, schema, kind }: CardInput): boolean {
  return promoted === undefined && kind !== "dynamicCombo" && schema.spec["socketless"] !== true;
}

/** Why a type does not fit, in words; undefined when it does. */
export function typeProblem(offered: Offered, wanted: Wanted): string | undefined {
  if (offered.valuesOnly && !wanted.holdsValue) return "a primitive sets values, and this input holds none";
  const other = wanted.types.find((type) => !typesMatch(offered.type, type));
  return other === undefined ? undefined : `the output gives ${offered.type} and the input takes ${other}`;
}
