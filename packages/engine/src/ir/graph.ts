import { EngineError } from "@patchbay/engine-bindings";
import { sameShape } from "./shape.js";
import type { Node, Tensor } from "./tensor.js";

/** A traced network: nodes in an order that can be executed. Passes make new graphs and leave old ones alone. */
export interface Graph {
  readonly inputs: ReadonlyMap<string, Tensor>;
  readonly outputs: ReadonlyMap<string, Tensor>;
  readonly nodes: readonly Node[];
}

/** How many nodes and graph outputs read each tensor. */
export function countUses(graph: Graph): Map<Tensor, number> {
  const uses = new Map<Tensor, number>();
  const use = (tensor: Tensor): void => void uses.set(tensor, (uses.get(tensor) ?? 0) + 1);
  for (const node of graph.nodes) for (const input of node.inputs) if (input) use(input);
  for (const output of graph.outputs.values()) use(output);
  return uses;
}

export function producers(graph: Graph): Map<Tensor, Node> {
  return new Map(graph.nodes.map((node) => [node.output, node]));
}

/**
 * Checks that every tensor is there before it is read, is written once, and has the shape its op infers.
 * @throws ENGINE_GRAPH
 */
export function verifyGraph(graph: Graph): void {
  const known = new Set<Tensor>(graph.inputs.values());
  const fail = (what: string): never => {
    throw new EngineError("ENGINE_GRAPH", `could not verify the graph: ${what}`);
  };
  graph.nodes.forEach((node, position) => {
    for (const input of node.inputs) {
      if (input && input.source.kind === "computed" && !known.has(input))
        fail(`op ${position} "${node.op.name}" reads a tensor that is not computed yet`);
      if (input && input.source.kind === "input" && !known.has(input))
        fail(`op ${position} "${node.op.name}" reads an input of another graph`);
    }
    if (known.has(node.output)) fail(`op ${position} "${node.op.name}" writes a tensor that was written before`);
    const inferred = node.op.infer(node.inputs, node.attributes, node.output.shape);
    if (!sameShape(inferred, node.output.shape)) {
      fail(`op ${position} "${node.op.name}" has shape [${node.output.shape.join(", ")}], inferred [${inferred.join(", ")}]`);
    }
    known.add(node.output);
  });
  for (const [name, output] of graph.outputs) {
    if (output.source.kind === "computed" && !known.has(output)) fail(`output "${name}" is never computed`);
  }
}

/** The graph as text, one op a line: for dumps and for tests of passes. */
export function printGraph(graph: Graph): string {
  const names = new Map<Tensor, string>();
  const name = (tensor: Tensor | undefined): string => {
    if (!tensor) return "-";
    switch (tensor.source.kind) {
      case "input":
        return tensor.source.name;
      case "weight":
        return `@${tensor.source.weight.name}`;
      case "constant":
        return `const[${tensor.shape.join(",")}]`;
      case "computed":
        return names.get(tensor) ?? "?";
    }
  };
  const lines = graph.nodes.map((node, position) => {
    names.set(node.output, `%${position}`);
    const attributes = [...node.attributes.ints, ...node.attributes.floats].join(",");
    return `%${position} [${node.output.shape.join(",")}] = ${node.op.name}(${node.inputs.map(name).join(", ")}${attributes ? `; ${attributes}` : ""})`;
  });
  return [...lines, ...[...graph.outputs].map(([key, tensor]) => `return ${key} = ${name(tensor)}`)].join("\n");
}
