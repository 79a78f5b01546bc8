import { EngineError, type DType } from "@patchbay/engine-bindings";
import type { Weight } from "../weights/weight.js";
import { verifyGraph, type Graph } from "./graph.js";
import { Tensor, type Attributes, type Node, type OpDefinition } from "./tensor.js";

interface Recording {
  nodes: Node[];
  regions: string[];
  weights: Map<Weight, Tensor>;
}

let recording: Recording | undefined;

/** Shape and element type of an input. */
export interface InputSpec {
  readonly shape: readonly number[];
  readonly dtype?: "f32" | "i32";
}

/**
 * Runs `build` over symbolic tensors and records the ops it asks for. Shapes are concrete: whatever `build`
 * decides by a shape is decided here, once.
 * @throws ENGINE_SHAPE where an op's operands don't fit.
 */
export function trace(
  inputs: Readonly<Record<string, InputSpec>>,
  build: (inputs: Record<string, Tensor>) => Readonly<Record<string, Tensor>>,
): Graph {
  if (recording) throw new EngineError("ENGINE_GRAPH", "could not trace a network inside another trace");
  const symbols: Record<string, Tensor> = {};
  for (const [name, spec] of Object.entries(inputs)) {
    symbols[name] = new Tensor(spec.shape, spec.dtype ?? "f32", { kind: "input", name });
  }
  recording = { nodes: [], regions: [], weights: new Map() };
  try {
    const outputs = build({ ...symbols });
    const graph = { inputs: new Map(Object.entries(symbols)), outputs: new Map(Object.entries(outputs)), nodes: recording.nodes };
    verifyGraph(graph);
    return graph;
  } finally {
    recording = undefined;
  }
}

/** Records one op and gives its result; `requested` is the output shape where inputs and attributes leave it open. @throws ENGINE_SHAPE */
export function record(
  op: OpDefinition,
  inputs: readonly (Tensor | undefined)[],
  attributes: Partial<Attributes> = {},
  requested?: readonly number[],
): Tensor {
  // A result is fp32, and as a view of integers it would take their bits for it.
  if (op.name !== "gather" && inputs.some((input) => input?.dtype === "i32"))
    throw new EngineError("ENGINE_SHAPE", `could not apply ${op.name} to int32: only gather reads integers, as ids`);
  const whole = { ints: attributes.ints ?? [], floats: attributes.floats ?? [] };
  const shape = op.infer(inputs, whole, requested);
  const output = new Tensor(shape, "f32", { kind: "computed" });
  current().nodes.push({ op, inputs, attributes: whole, output, region: current().regions.join("/") });
  return output;
}

/** The symbolic tensor of a weight, one per trace. */
export function weightTensor(weight: Weight): Tensor {
  const { weights } = current();
  let tensor = weights.get(weight);
  if (!tensor) {
    tensor = new Tensor(weight.shape, weight.dtype, { kind: "weight", weight });
    weights.set(weight, tensor);
  }
  return tensor;
}

/** A tensor whose values are known when the network is traced. */
export function constant(data: Float32Array | Int32Array, shape: readonly number[]): Tensor {
  const dtype: DType = data instanceof Int32Array ? "i32" : "f32";
  return new Tensor(shape, dtype, { kind: "constant", data });
}

/** Names the ops that `body` records, for dumps and profiles. */
export function block<T>(name: string, body: () => T): T {
  const { regions } = current();
  regions.push(name);
  try {
    return body();
  } finally {
    regions.pop();
  }
}

function current(): Recording {
  if (!recording) throw new EngineError("ENGINE_GRAPH", "could not record an op: no network is being traced");
  return recording;
}
