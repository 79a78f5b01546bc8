import { countUses, producers, type Graph } from "../ir/graph.js";
import type { Node, Tensor } from "../ir/tensor.js";

/** What a pattern may ask about the graph it looks at. */
export interface Surroundings {
  /** The node that computes `tensor`, when nothing but the asking node reads the result: it may be taken in. */
  readonly soleProducer: (tensor: Tensor | undefined) => Node | undefined;
  /** The node that computes `tensor`. */
  readonly producer: (tensor: Tensor | undefined) => Node | undefined;
  /** Place of a node in the order. */
  readonly position: (node: Node) => number;
}

/**
 * The graph with each node replaced by what `pattern` makes of it (undefined keeps it). A replacement writes the same output tensor,
 * so readers need no change; nodes that nothing reads any more are left out. Later nodes see earlier replacements.
 */
export function rewrite(graph: Graph, pattern: (node: Node, surroundings: Surroundings) => Node | undefined): Graph {
  const uses = countUses(graph);
  const byOutput = producers(graph);
  const positions = new Map(graph.nodes.map((node, position) => [node.output, position]));
  const surroundings: Surroundings = {
    producer: (tensor) => tensor && byOutput.get(tensor),
    soleProducer: (tensor) => (tensor && uses.get(tensor) === 1 ? byOutput.get(tensor) : undefined),
    position: (node) => positions.get(node.output) ?? -1,
  };
  const nodes = graph.nodes.map((node) => {
    const replaced = pattern(node, surroundings) ?? node;
    byOutput.set(replaced.output, replaced);
    return replaced;
  });
  return eliminateDead({ ...graph, nodes });
}

/** The graph without nodes whose result nothing reads. */
export function eliminateDead(graph: Graph): Graph {
  const wanted = new Set<Tensor>(graph.outputs.values());
  const kept: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!wanted.has(node.output)) continue;
    for (const input of node.inputs) if (input) wanted.add(input);
    kept.push(node);
  }
  return { ...graph, nodes: kept.reverse() };
}
