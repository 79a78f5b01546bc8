import { subgraphInputNode, subgraphOutputNode } from "../document/graphDocument.js";
import type { DocumentEdge, DocumentNode, GraphDocument, GraphParts } from "../document/graphDocument.js";
import { GraphError } from "../graphError.js";
import { getOwn, quote, setOwn } from "../json/jsonValue.js";
import type { JsonObject } from "../json/jsonValue.js";
import type { GraphLimits } from "../limits.js";

/** The document, or one instance of a subgraph in it: its nodes have ids `prefix + id`. */
export interface Scope {
  readonly prefix: string;
  readonly part: GraphParts;
  /** Edges by the node and input they lead to. */
  readonly incoming: ReadonlyMap<string, ReadonlyMap<string, DocumentEdge>>;
  readonly parent?: Scope;
  /** The node of `parent` that this is an instance for. */
  readonly instanceId?: string;
  readonly instance?: DocumentNode;
  /** The subgraph's id. */
  readonly definition?: string;
  readonly depth: number;
  /** Scopes of the instances in this one, by node id. */
  readonly children: Map<string, Scope>;
  /** Values that the instance sets on inner inputs: node id → input → value. */
  readonly overrides: ReadonlyMap<string, JsonObject>;
}

/** A node in its scope. */
export interface ScopedNode {
  readonly scope: Scope;
  readonly id: string;
  readonly node: DocumentNode;
}

/** How many values of inputs there may be for each link there may be. */
const valuesPerLink = 10;

/**
 * Expands every instance of a subgraph that is neither muted nor bypassed. Returns the root scope and all nodes that are not instances, in
 * order of the document. Throws GraphError: GRAPH_SUBGRAPH_RECURSION, GRAPH_TOO_DEEP, GRAPH_TOO_LARGE.
 */
export function expandSubgraphs(document: GraphDocument, limits: GraphLimits): { root: Scope; nodes: ScopedNode[] } {
  const indexes = new Map<GraphParts, Scope["incoming"]>();
  const incomingOf = (part: GraphParts): Scope["incoming"] => {
    let index = indexes.get(part);
    if (!index) indexes.set(part, (index = indexIncoming(part)));
    return index;
  };
  const root: Scope = { prefix: "", part: document, incoming: incomingOf(document), depth: 0, children: new Map(), overrides: new Map() };
  const nodes: ScopedNode[] = [];
  let edges = 0;
  let visited = 0;
  let values = 0;
  const open: Scope[] = [root];
  for (let scope = open.pop(); scope; scope = open.pop()) {
    edges += Object.keys(scope.part.edges).length;
    if (edges > limits.maxLinks)
      throw new GraphError("GRAPH_TOO_LARGE", "edges", `With its subgraphs expanded the graph has more than ${limits.maxLinks} links`);
    for (const [id, node] of Object.entries(scope.part.nodes)) {
      if (++visited > limits.maxNodes) {
        throw new GraphError("GRAPH_TOO_LARGE", "nodes", `With its subgraphs expanded the graph has more than ${limits.maxNodes} nodes`);
      }
      values += Object.keys(node.inputs).length + (node.promoted?.length ?? 0);
      if (values > valuesPerLink * limits.maxLinks) {
        throw new GraphError(
          "GRAPH_TOO_LARGE",
          "nodes",
          `With its subgraphs expanded the graph has more than ${valuesPerLink * limits.maxLinks} values`,
        );
      }
      const definition = getOwn(document.subgraphs, node.type);
      if (!definition) {
        nodes.push({ scope, id, node });
      } else if (!node.mode) {
        const child = childScope(scope, id, node, definition, incomingOf(definition), limits);
        scope.children.set(id, child);
        open.push(child);
      }
    }
  }
  return { root, nodes };
}

function childScope(
  parent: Scope,
  id: string,
  instance: DocumentNode,
  definition: GraphParts,
  incoming: Scope["incoming"],
  limits: GraphLimits,
): Scope {
  const path = parent.prefix + id;
  for (let scope: Scope | undefined = parent; scope; scope = scope.parent) {
    if (scope.definition === instance.type) {
      throw new GraphError("GRAPH_SUBGRAPH_RECURSION", path, `Subgraph ${quote(instance.type)} contains itself at node ${quote(path)}`);
    }
  }
  if (parent.depth + 1 > limits.maxSubgraphDepth) {
    throw new GraphError("GRAPH_TOO_DEEP", path, `Subgraphs nested deeper than ${limits.maxSubgraphDepth} levels at node ${quote(path)}`);
  }
  const fromOutside = parent.overrides.get(id);
  const overrides = new Map<string, JsonObject>();
  for (const { node, input, value } of instance.promoted ?? []) {
    const effective = (fromOutside && getOwn(fromOutside, input)) ?? value;
    // Front ends write null for a value that the instance leaves to the inner node.
    if (effective === undefined || effective === null) continue;
    const inputs = overrides.get(node) ?? {};
    setOwn(inputs, input, effective);
    overrides.set(node, inputs);
  }
  return {
    prefix: `${path}:`,
    part: definition,
    incoming,
    parent,
    instanceId: id,
    instance: fromOutside ? { ...instance, inputs: { ...instance.inputs, ...fromOutside } } : instance,
    definition: instance.type,
    depth: parent.depth + 1,
    children: new Map(),
    overrides,
  };
}

function indexIncoming(part: GraphParts): Scope["incoming"] {
  const index = new Map<string, Map<string, DocumentEdge>>();
  for (const edge of Object.values(part.edges)) {
    let inputs = index.get(edge.to.node);
    if (!inputs) index.set(edge.to.node, (inputs = new Map()));
    inputs.set(edge.to.input, edge);
  }
  return index;
}

/** The edge inside an instance that feeds one of its outputs. */
export function edgeToOutput(scope: Scope, output: string): DocumentEdge | undefined {
  return scope.incoming.get(subgraphOutputNode)?.get(output);
}

/** Whether an edge comes from the scope's own inputs. */
export function isFromBoundary(edge: DocumentEdge): boolean {
  return edge.from.node === subgraphInputNode;
}
