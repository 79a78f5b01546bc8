import type { Graph } from "../ir/graph.js";
import { elementCount } from "../ir/shape.js";
import { Tensor, type Node } from "../ir/tensor.js";
import { copyOp } from "../ops/copy.js";
import { reshapeOp } from "../ops/reshape.js";
import { sliceOp } from "../ops/slice.js";

/** Bytes that tensors share: an input, an output, a weight, a constant, or a piece of the arena. */
export interface Buffer {
  readonly kind: "arena" | "input" | "output" | "weight" | "constant";
  /** The tensor that fills it. */
  readonly root: Tensor;
  readonly bytes: number;
}

/** Where a tensor lies in its buffer, in elements. */
export interface Storage {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly rowStride: number;
}

/** The ops that are left when views cost nothing, and where each tensor lies. */
export interface StoredGraph {
  readonly graph: Graph;
  readonly steps: readonly Node[];
  readonly storage: ReadonlyMap<Tensor, Storage>;
}

/**
 * Gives every tensor a buffer. Reshapes, and slices of the first or the last dimension, become views; an op that can't
 * be one stays. A graph output that is a view or an input gets a copy of its own.
 */
export function assignStorage(graph: Graph): StoredGraph {
  const storage = new Map<Tensor, Storage>();
  const steps: Node[] = [];
  const whole = (kind: Buffer["kind"], root: Tensor): Storage => ({
    buffer: { kind, root, bytes: root.elements * 4 },
    offset: 0,
    rowStride: root.shape.at(-1) ?? 1,
  });
  const locate = (tensor: Tensor): Storage => {
    let place = storage.get(tensor);
    if (!place) {
      place = whole(tensor.source.kind === "computed" ? "arena" : tensor.source.kind, tensor);
      storage.set(tensor, place);
    }
    return place;
  };

  const outputs = new Map<string, Tensor>();
  const written = new Set<Tensor>();
  const computed = new Set(graph.nodes.filter((node) => node.op !== reshapeOp && !isView(node)).map((node) => node.output));
  for (const [name, tensor] of graph.outputs) {
    const direct = computed.has(tensor) && !written.has(tensor);
    if (direct) storage.set(tensor, whole("output", tensor));
    written.add(tensor);
    outputs.set(name, direct ? tensor : new Tensor(tensor.shape, "f32", { kind: "computed" }));
  }

  for (const node of graph.nodes) {
    const [x] = node.inputs;
    const view = x && x.source.kind !== "weight" ? viewOf(node, x, locate(x)) : undefined;
    if (view) {
      storage.set(node.output, view);
      continue;
    }
    for (const input of node.inputs) if (input) locate(input);
    locate(node.output);
    steps.push(node.op === reshapeOp ? { ...node, op: copyOp } : node);
  }

  for (const [name, tensor] of graph.outputs) {
    const target = outputs.get(name)!;
    if (target === tensor) continue;
    locate(tensor);
    storage.set(target, whole("output", target));
    steps.push({ op: copyOp, inputs: [tensor], attributes: { ints: [], floats: [] }, output: target, region: "" });
  }
  return { graph: { ...graph, outputs }, steps, storage };
}

/** Whether the op of a node can be a view whatever its operand's stride is. */
function isView(node: Node): boolean {
  return (
    node.op === sliceOp &&
    slicedAxes(node).every((axis) => axis === 0 || axis === node.output.shape.length - 1) &&
    slicedAxes(node).length <= 1
  );
}

function slicedAxes(node: Node): number[] {
  const x = node.inputs[0]!;
  return x.shape.flatMap((size, axis) => (size === node.output.shape[axis] ? [] : [axis]));
}

function viewOf(node: Node, x: Tensor, place: Storage): Storage | undefined {
  if (node.op === reshapeOp) {
    const contiguous = place.rowStride === x.shape.at(-1) || elementCount(x.shape.slice(0, -1)) === 1;
    if (contiguous) return { ...place, rowStride: node.output.shape.at(-1) ?? 1 };
    return node.output.shape.at(-1) === x.shape.at(-1) ? place : undefined;
  }
  if (!isView(node)) return undefined;
  const rows = elementCount(x.shape.slice(1, -1));
  const starts = node.attributes.ints;
  const first = x.shape.length > 1 ? starts[0]! * rows * place.rowStride : 0;
  return { ...place, offset: place.offset + first + starts.at(-1)! };
}
