import { EngineError } from "@patchbay/engine-bindings";
import type { Graph } from "../ir/graph.js";
import { sameShape } from "../ir/shape.js";
import type { HostTensor, Tensor } from "../ir/tensor.js";

/**
 * Computes a graph op by op from the ops' naive definitions: the oracle that kernels and passes are tested against.
 * @throws ENGINE_INPUT when an input is missing or has another shape
 */
export function interpret(graph: Graph, inputs: Readonly<Record<string, HostTensor>>): Record<string, HostTensor> {
  const values = new Map<Tensor, HostTensor>();
  for (const [name, tensor] of graph.inputs) {
    const value = inputs[name];
    if (!value || !sameShape(value.shape, tensor.shape)) {
      throw new EngineError(
        "ENGINE_INPUT",
        `could not read input "${name}" [${value?.shape.join(", ") ?? "missing"}]: it must be [${tensor.shape.join(", ")}]`,
      );
    }
    values.set(tensor, value);
  }
  const valueOf = (tensor: Tensor): HostTensor => {
    let value = values.get(tensor);
    if (!value) {
      if (tensor.source.kind === "weight") value = { data: tensor.source.weight.read(), shape: tensor.shape };
      else if (tensor.source.kind === "constant") value = { data: tensor.source.data, shape: tensor.shape };
      else throw new EngineError("ENGINE_GRAPH", "could not interpret the graph: a tensor is read before it is computed");
      values.set(tensor, value);
    }
    return value;
  };
  for (const { op, inputs: operands, attributes, output } of graph.nodes) {
    const data = op.reference(
      operands.map((tensor) => tensor && valueOf(tensor)),
      attributes,
      output.shape,
    );
    values.set(output, { data, shape: output.shape });
  }
  return Object.fromEntries([...graph.outputs].map(([name, tensor]) => [name, valueOf(tensor)]));
}
