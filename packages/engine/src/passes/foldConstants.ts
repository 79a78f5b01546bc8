import type { Graph } from "../ir/graph.js";
import { Tensor, type HostTensor } from "../ir/tensor.js";
import { eliminateDead } from "./rewrite.js";

/** Larger results stay ops: a plan carries its constants. */
const LARGEST = 1 << 16;

/** Computes ops over constants once, when the network is compiled. */
export function foldConstants(graph: Graph): Graph {
  const folded = new Map<Tensor, Tensor>();
  const nodes = graph.nodes.flatMap((node) => {
    const inputs = node.inputs.map((input) => input && (folded.get(input) ?? input));
    const values = inputs.map((input): HostTensor | undefined =>
      input?.source.kind === "constant" ? { data: input.source.data, shape: input.shape } : undefined,
    );
    const constant = inputs.every((input, at) => !input || values[at]) && node.output.elements <= LARGEST;
    if (!constant) return [{ ...node, inputs }];
    const data = node.op.reference(values, node.attributes, node.output.shape);
    folded.set(node.output, new Tensor(node.output.shape, "f32", { kind: "constant", data }));
    return [];
  });
  const outputs = new Map([...graph.outputs].map(([name, tensor]) => [name, folded.get(tensor) ?? tensor]));
  return eliminateDead({ ...graph, nodes, outputs });
}
