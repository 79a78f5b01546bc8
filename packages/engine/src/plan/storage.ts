import { countUses, producers, type Graph } from "../ir/graph.js";
import { elementCount } from "../ir/shape.js";
import { Tensor, type Node } from "../ir/tensor.js";
import { concatOp } from "../ops/concat.js";
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
 * Gives every tensor a buffer. Reshapes, and slices of the outermost dimension that is not 1 or of the last, become views; an op that
 * can't be one stays. What only a concatenation along one of these reads is written into its place there. A graph output that is a view
 * or an input gets a copy of its own.
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

  const folded = foldConcatenations(graph, storage, locate);

  for (const node of graph.nodes) {
    const parts = folded.get(node);
    if (parts) {
      for (const { inputs } of parts) locate(inputs[0]!);
      steps.push(...parts);
      continue;
    }
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

/**
 * Places what only a concatenation reads inside its result; what else it takes is copied there. Gives the copies that are left of each
 * concatenation.
 */
function foldConcatenations(graph: Graph, storage: Map<Tensor, Storage>, locate: (tensor: Tensor) => Storage): Map<Node, Node[]> {
  const uses = countUses(graph);
  const byOutput = producers(graph);
  const folded = new Map<Node, Node[]>();
  // From the last to the first: a result may itself lie inside another.
  for (const node of graph.nodes.toReversed()) {
    const [axis = 0] = node.attributes.ints;
    if (node.op !== concatOp || !isAddressed(node.output.shape, axis)) continue;
    const place = locate(node.output);
    let start = 0;
    const copies = node.inputs.flatMap((part) => {
      const inside = within(place, node.output.shape, axis, start);
      start += part!.dim(axis);
      if (placeInside(part!, inside, { storage, uses, byOutput })) return [];
      const copy = new Tensor(part!.shape, "f32", { kind: "computed" });
      storage.set(copy, inside);
      return [{ ...node, inputs: [part], output: copy }];
    });
    folded.set(node, copies);
  }
  return folded;
}

interface Placing {
  readonly storage: Map<Tensor, Storage>;
  readonly uses: ReadonlyMap<Tensor, number>;
  readonly byOutput: ReadonlyMap<Tensor, Node>;
}

/** Lets a tensor be computed at `place`, through reshapes that keep its rows. Says whether that is possible. */
function placeInside(tensor: Tensor, place: Storage, placing: Placing): boolean {
  const node = placing.byOutput.get(tensor);
  if (!node || placing.uses.get(tensor) !== 1 || placing.storage.has(tensor) || isView(node)) return false;
  if (node.op === reshapeOp) {
    const [before] = node.inputs;
    if (before!.shape.at(-1) !== tensor.shape.at(-1) || !placeInside(before!, place, placing)) return false;
  }
  placing.storage.set(tensor, place);
  return true;
}

/** Whether a part of `axis` is a view: it is the last, or nothing before it repeats. */
function isAddressed(shape: readonly number[], axis: number): boolean {
  return axis === shape.length - 1 || elementCount(shape.slice(0, axis)) === 1;
}

/** Where what begins at `start` of `axis` lies. */
function within(place: Storage, shape: readonly number[], axis: number, start: number): Storage {
  const stride = axis === shape.length - 1 ? 1 : elementCount(shape.slice(axis + 1, -1)) * place.rowStride;
  return { ...place, offset: place.offset + start * stride };
}

/** Whether the op of a node can be a view whatever its operand's stride is. */
function isView(node: Node): boolean {
  const axes = node.op === sliceOp ? slicedAxes(node) : undefined;
  return axes !== undefined && axes.length <= 1 && axes.every((axis) => isAddressed(node.inputs[0]!.shape, axis));
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
  const [axis = 0] = slicedAxes(node);
  return within(place, x.shape, axis, node.attributes.ints[axis]!);
}
