import { getOwn, nodeKind, portKeys } from "@patchbay/graph";
import type { Catalog, DocumentNode, GraphDocument, InputSchema, JsonValue, SubgraphDefinition } from "@patchbay/graph";
import type { CardPorts, PortInput } from "../card.js";
import { edgesByNode } from "../edgesByNode.js";
import { inputLabel, inputsOfNode, inputValue } from "./catalogPorts.js";
import { plainField, plainSocket, slotText } from "./plainInput.js";

/** As deep as the graph package lets subgraphs be nested. */
const maxDepth = 64;

/** The id under which a subgraph's edges reach its own inputs. */
const boundaryNode = "$input";

/** The key of the field that shows an inner input of a subgraph's instance. */
export function promotedKey(node: string, input: string): string {
  return `${node}/${input}`;
}

/** The ports of an instance of a subgraph: those of its border, then the inner inputs that it shows. */
export function subgraphPorts(subgraph: SubgraphDefinition, node: DocumentNode, document: GraphDocument, catalog: Catalog): CardPorts {
  const keys = portKeys(subgraph.inputs.map(({ name }) => name));
  const inputs = subgraph.inputs.map((port, i): PortInput => {
    const key = keys[i] as string;
    const label = slotText(port.rest, "label") ?? port.name;
    const own = getOwn(node.inputs, key);
    const inner = innerOfPort(subgraph, key, document, catalog, 0);
    if (!inner || inner.schema.kind === "link")
      return own === undefined ? plainSocket(key, label, port.type) : plainField(key, label, port.type, own);
    const { schema } = inner;
    // A null is how front ends leave the value to the inner node.
    return { key, label, type: schema.type, kind: schema.kind, schema: { ...schema, name: key }, value: own ?? inner.value };
  });
  const taken = new Set(keys);
  const promoted = (node.promoted ?? []).map((entry) => {
    const inner = innerInput(subgraph, entry.node, entry.input, document, catalog, 0);
    const value = entry.value ?? inner?.value;
    const whose = getOwn(subgraph.nodes, entry.node);
    const label = inner ? inputLabel(inner.schema) : entry.input;
    const shared = (node.promoted ?? []).filter(({ input }) => input === entry.input).length > 1 || taken.has(entry.input);
    const field = plainField(
      promotedKey(entry.node, entry.input),
      shared ? `${whose?.title ?? whose?.type ?? entry.node}: ${label}` : label,
      undefined,
      value,
    );
    return {
      ...field,
      ...(inner ? { type: inner.schema.type, kind: inner.schema.kind, schema: inner.schema } : {}),
      control: getOwn(whose?.controls ?? {}, entry.input),
      promoted: { node: entry.node, input: entry.input },
    };
  });
  const outputKeys = portKeys(subgraph.outputs.map(({ name }) => name));
  return {
    inputs: [...inputs, ...promoted],
    outputs: subgraph.outputs.map(({ name, type, rest }, i) => ({
      key: outputKeys[i] as string,
      label: slotText(rest, "label") ?? name,
      type,
    })),
  };
}

interface Inner {
  readonly schema: InputSchema;
  readonly value: JsonValue | undefined;
}

/** The input that a port of the border leads to. */
function innerOfPort(
  subgraph: SubgraphDefinition,
  key: string,
  document: GraphDocument,
  catalog: Catalog,
  depth: number,
): Inner | undefined {
  for (const id of edgesByNode(subgraph).bySource.get(boundaryNode) ?? []) {
    const edge = getOwn(subgraph.edges, id);
    if (edge?.from.output === key) return innerInput(subgraph, edge.to.node, edge.to.input, document, catalog, depth);
  }
  return undefined;
}

/** An input of a node within a subgraph, found through subgraphs nested in it; undefined where nobody knows it. */
function innerInput(
  subgraph: SubgraphDefinition,
  id: string,
  input: string,
  document: GraphDocument,
  catalog: Catalog,
  depth: number,
): Inner | undefined {
  const node = getOwn(subgraph.nodes, id);
  if (!node || depth > maxDepth) return undefined;
  const kind = nodeKind(node.type, document, catalog);
  if (kind.subgraph) {
    const inner = innerOfPort(kind.subgraph, input, document, catalog, depth + 1);
    return inner && { ...inner, value: getOwn(node.inputs, input) ?? inner.value };
  }
  if (!kind.schema) return undefined;
  const linked = edgesByNode(subgraph).byTarget.get(id);
  const schema = inputsOfNode(kind.schema, node, (name) => linked?.has(name) ?? false).find(({ name }) => name === input);
  return schema && { schema, value: inputValue(schema, getOwn(node.inputs, input)) };
}
