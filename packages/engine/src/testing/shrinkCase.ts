import { interpret } from "../interpret/interpret.js";
import type { Graph } from "../ir/graph.js";
import { Tensor, type HostTensor } from "../ir/tensor.js";
import { record, trace } from "../ir/trace.js";
import { eliminateDead } from "../passes/rewrite.js";
import type { NetworkCase } from "./randomGraph.js";

/**
 * The smallest case found that still fails: with one output, the ops behind the failing one left out, and those in front of it
 * replaced by inputs that hold what they compute.
 */
export async function shrinkCase(whole: NetworkCase, fails: (smaller: NetworkCase) => Promise<boolean>): Promise<NetworkCase> {
  for (const smaller of smallerCases(whole)) if (await fails(smaller)) return shrinkCase(smaller, fails);
  return whole;
}

function* smallerCases(whole: NetworkCase): Generator<NetworkCase> {
  const graph = eliminateDead(trace(whole.inputs, whole.build));
  const inner = graph.nodes.slice(0, -1).map(({ output }) => output);
  if (graph.outputs.size > 1) for (const [name, tensor] of graph.outputs) yield withOutput(name, tensor);
  else for (const tensor of inner) yield withOutput("y", tensor);
  // Cutting the later ones leaves out the most.
  for (const tensor of inner.reverse()) yield cutAt(tensor);

  function withOutput(name: string, tensor: Tensor): NetworkCase {
    return caseOf({ ...graph, outputs: new Map([[name, tensor]]) }, whole.values);
  }

  /** With what `tensor` holds as an input. */
  function cutAt(tensor: Tensor): NetworkCase {
    let name = "cut";
    for (let at = 1; graph.inputs.has(name); at++) name = `cut${at}`;
    const cut = new Tensor(tensor.shape, "f32", { kind: "input", name });
    const swap = (other: Tensor): Tensor => (other === tensor ? cut : other);
    const nodes = graph.nodes
      .filter(({ output }) => output !== tensor)
      .map((node) => ({ ...node, inputs: node.inputs.map((input) => input && swap(input)) }));
    const outputs = new Map([...graph.outputs].map(([key, output]) => [key, swap(output)]));
    const { data } = interpret(eliminateDead({ ...graph, outputs: new Map([["y", tensor]]) }), hostTensors(whole))["y"]!;
    return caseOf({ inputs: new Map([...graph.inputs, [name, cut]]), nodes, outputs }, { ...whole.values, [name]: data });
  }
}

/** Input values with their shapes. */
export function hostTensors({ inputs, values }: NetworkCase): Record<string, HostTensor> {
  return Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, { data: values[name]!, shape }]));
}

/** A graph as a network function that records the same ops, without what nothing reads. */
function caseOf(given: Graph, values: NetworkCase["values"]): NetworkCase {
  const graph = eliminateDead(given);
  const read = new Set([...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs.values()]);
  const inputs = [...graph.inputs].filter(([, tensor]) => read.has(tensor));
  return {
    inputs: Object.fromEntries(inputs.map(([name, { shape, dtype }]) => [name, { shape, dtype: dtype === "i32" ? "i32" : "f32" }])),
    values: Object.fromEntries(inputs.map(([name]) => [name, values[name]!])),
    build(symbols) {
      const made = new Map<Tensor, Tensor>(inputs.map(([name, tensor]) => [tensor, symbols[name]!]));
      const of = (tensor: Tensor): Tensor => made.get(tensor) ?? tensor;
      for (const { op, inputs: operands, attributes, output } of graph.nodes) {
        const found = operands.map((operand) => operand && of(operand));
        made.set(output, record(op, found, attributes, output.shape));
      }
      return Object.fromEntries([...graph.outputs].map(([name, tensor]) => [name, of(tensor)]));
    },
  };
}
