import { getOwn, isVirtualType, nodeKind } from "@patchbay/graph";
import type { Catalog, DocumentNode, GraphDocument, NodeKind } from "@patchbay/graph";
import type { Card, CardInput, CardPorts } from "./card.js";
import { catalogPorts } from "./cardPorts/catalogPorts.js";
import { plainSocket } from "./cardPorts/plainInput.js";
import { subgraphPorts } from "./cardPorts/subgraphPorts.js";
import { unknownPorts } from "./cardPorts/unknownPorts.js";
import { virtualPorts } from "./cardPorts/virtualPorts.js";
import type { VirtualRole } from "./cardPorts/virtualPorts.js";
import { edgesByNode } from "./edgesByNode.js";
import type { EdgeIndex } from "./edgesByNode.js";
import { EditorError } from "./editorError.js";
import { consumersOf, edgeIntoReroute, sourceOf } from "./throughReroutes.js";

export type { Card, CardInput } from "./card.js";

/** What a card was made from. */
interface Known {
  readonly card: Card;
  readonly source: NodeKind["schema"] | NodeKind["subgraph"];
  /** For instances of subgraphs: the catalog and the definitions, which their inner inputs are read from. */
  readonly catalog: Catalog | undefined;
  readonly subgraphs: GraphDocument["subgraphs"] | undefined;
  readonly role: VirtualRole;
  readonly linked: ReadonlyMap<string, string>;
  /** The outputs that the node is known to have, and those that edges leave it by besides. */
  readonly declared: ReadonlySet<string>;
  readonly undeclared: readonly string[];
  index: EdgeIndex;
}

const cards = new WeakMap<DocumentNode, Known>();
const noRole: VirtualRole = { type: "*", input: undefined };
const noEdges: ReadonlyMap<string, string> = new Map();

/**
 * What the card of a node shows. The same object comes back until the node, its schema or its edges change, whatever else does. An edge whose
 * port nobody knows gets a port of its name, so that every edge between nodes can be drawn.
 * Throws EditorError: EDITOR_ID_UNKNOWN when there is no such node.
 */
export function cardOf(document: GraphDocument, catalog: Catalog, id: string): Card {
  const node = getOwn(document.nodes, id);
  if (!node)
    throw new EditorError("EDITOR_ID_UNKNOWN", `There is no node ${JSON.stringify(id)} to show a card of; it may have been deleted`);
  const kind = nodeKind(node.type, document, catalog);
  const source = kind.schema ?? kind.subgraph;
  const role = isVirtualType(node.type) && !source ? roleOf(document, catalog, id, node.type) : noRole;
  const index = edgesByNode(document);
  const known = cards.get(node);
  if (known && known.source === source && sameRole(known.role, role) && (!kind.subgraph || isOf(known, document, catalog))) {
    if (known.index === index) return known.card;
    if (
      sameEntries(known.linked, index.byTarget.get(id) ?? noEdges) &&
      sameList(known.undeclared, undeclaredOutputs(document, index, id, known.declared))
    ) {
      known.index = index;
      return known.card;
    }
  }
  const linked = index.byTarget.get(id) ?? noEdges;
  const ports = portsOf(document, catalog, node, kind, role, linked);
  const declared = new Set(ports.outputs.map(({ key }) => key));
  const undeclared = undeclaredOutputs(document, index, id, declared);
  const card = makeCard(node, kind, ports, linked, undeclared);
  cards.set(node, {
    card,
    source,
    role,
    linked,
    declared,
    undeclared,
    index,
    catalog: kind.subgraph && catalog,
    subgraphs: kind.subgraph && document.subgraphs,
  });
  return card;
}

/** An input of a card by its key. */
export function cardInput({ sockets, fields }: Card, key: string): CardInput | undefined {
  return fields.find((input) => input.key === key) ?? sockets.find((input) => input.key === key);
}

function portsOf(
  document: GraphDocument,
  catalog: Catalog,
  node: DocumentNode,
  kind: NodeKind,
  role: VirtualRole,
  linked: ReadonlyMap<string, string>,
): CardPorts {
  if (kind.subgraph) return subgraphPorts(kind.subgraph, node, document, catalog);
  if (kind.schema) return catalogPorts(kind.schema, node, (name) => linked.has(name));
  return isVirtualType(node.type) ? virtualPorts(node.type, node, role) : unknownPorts(node);
}

function makeCard(
  node: DocumentNode,
  kind: NodeKind,
  ports: CardPorts,
  linked: ReadonlyMap<string, string>,
  undeclared: readonly string[],
): Card {
  const inputs = ports.inputs.map((input): CardInput => ({
    ...input,
    edge: input.promoted ? undefined : linked.get(input.key),
    control: getOwn(node.controls ?? {}, input.key) ?? input.control,
  }));
  const keys = new Set(inputs.map(({ key }) => key));
  for (const [key, edge] of linked) {
    const slot = node.comfy?.inputs?.find(({ name }) => name === key);
    if (!keys.has(key))
      inputs.push({ ...plainSocket(key, key, typeof slot?.["type"] === "string" ? slot["type"] : "*"), edge, control: undefined });
  }
  return {
    title: node.title ?? kind.subgraph?.name ?? kind.schema?.info.display_name ?? node.type,
    sockets: inputs.filter((input) => input.kind === "link"),
    fields: inputs.filter((input) => input.kind !== "link"),
    outputs: [...ports.outputs, ...undeclared.map((key) => ({ key, label: key, type: "*" }))],
    unknown: !kind.schema && !kind.subgraph && !isVirtualType(node.type),
    schema: kind.schema,
    subgraph: kind.subgraph,
  };
}

/** What a virtual node is seen as: Reroutes have the type of what feeds them, else of what they feed; primitives are what they set. */
function roleOf(document: GraphDocument, catalog: Catalog, id: string, type: string): VirtualRole {
  if (type !== "Reroute" && type !== "PrimitiveNode") return noRole;
  if (type === "Reroute") {
    const edge = edgeIntoReroute(document, id);
    const origin = edge && sourceOf(document, edge);
    if (origin && Object.hasOwn(document.nodes, origin.node)) {
      const given = cardOf(document, catalog, origin.node).outputs.find(({ key }) => key === origin.output)?.type;
      if (given !== undefined && given !== "*") return { type: given, input: undefined };
    }
  }
  for (const consumer of consumersOf(document, id)) {
    // Primitives are not seen as each other, which could go round in a circle.
    if (isVirtualType(document.nodes[consumer.node]?.type ?? "")) continue;
    const input = cardInput(cardOf(document, catalog, consumer.node), consumer.input);
    if (input && input.type !== "*")
      return { type: input.type, input: type === "PrimitiveNode" && input.kind !== "link" ? input : undefined };
  }
  return noRole;
}

function sameRole(a: VirtualRole, b: VirtualRole): boolean {
  return a.type === b.type && a.input?.schema === b.input?.schema && a.input?.label === b.input?.label;
}

function isOf(known: Known, { subgraphs }: GraphDocument, catalog: Catalog): boolean {
  return known.catalog === catalog && known.subgraphs === subgraphs;
}

/** The keys of outputs that edges leave a node by although it is not known to have them. */
function undeclaredOutputs(document: GraphDocument, { bySource }: EdgeIndex, id: string, declared: ReadonlySet<string>): string[] {
  const keys = new Set<string>();
  for (const edge of bySource.get(id) ?? []) {
    const key = document.edges[edge]?.from.output;
    if (key !== undefined && !declared.has(key)) keys.add(key);
  }
  return [...keys];
}

function sameEntries(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (b.get(key) !== value) return false;
  return true;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
