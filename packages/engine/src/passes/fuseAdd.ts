import { BINARY_FUNCTIONS } from "@patchbay/engine-bindings";
import type { Graph } from "../ir/graph.js";
import { sameShape } from "../ir/shape.js";
import type { Node, Tensor } from "../ir/tensor.js";
import { binaryOp } from "../ops/binary.js";
import { conv2dOp } from "../ops/conv2d.js";
import { linearOp } from "../ops/linear.js";
import { reshapeOp } from "../ops/reshape.js";
import { rewrite, type Surroundings } from "./rewrite.js";

const ADD = BINARY_FUNCTIONS.indexOf("add");
const CHANNEL_ADD = 3;
const residualPlace = new Map([
  [linearOp, 3],
  [conv2dOp, 4],
]);

/**
 * An addition to the result of a convolution or a linear joins it: [N, 1, 1, C] as channelAdd (the time embedding of a
 * residual block), a tensor of the same shape as the residual.
 */
export function fuseAdd(graph: Graph): Graph {
  return rewrite(graph, (node, surroundings) => {
    if (node.op !== binaryOp || node.attributes.ints[0] !== ADD) return undefined;
    const [a, b] = node.inputs as readonly [Tensor, Tensor];
    return channelAdd(node, a, b, surroundings) ?? channelAdd(node, b, a, surroundings) ?? residual(node, a, b, surroundings);
  });
}

function channelAdd(node: Node, sum: Tensor, vector: Tensor, { soleProducer, producer }: Surroundings): Node | undefined {
  const conv = soleProducer(sum);
  const reshape = producer(vector);
  const flat = reshape?.inputs[0];
  if (conv?.op !== conv2dOp || reshape?.op !== reshapeOp || !flat) return undefined;
  const [batch = 0, , , channels = 0] = sum.shape;
  const fits = sameShape(vector.shape, [batch, 1, 1, channels]) && sameShape(flat.shape, [batch, channels]) && flat.dtype === "f32";
  const free = !conv.inputs[CHANNEL_ADD] && !conv.inputs[residualPlace.get(conv2dOp)!] && conv.attributes.ints[0] === 0;
  if (!fits || !free) return undefined;
  return { ...conv, inputs: conv.inputs.with(CHANNEL_ADD, flat), output: node.output };
}

function residual(node: Node, a: Tensor, b: Tensor, { soleProducer, position }: Surroundings): Node | undefined {
  if (!sameShape(a.shape, b.shape) || a === b) return undefined;
  const candidates = [
    { made: soleProducer(a), other: b },
    { made: soleProducer(b), other: a },
  ].flatMap(({ made, other }) => {
    const place = made && residualPlace.get(made.op);
    const free = place !== undefined && !made!.inputs[place] && (other.source.kind === "computed" || other.source.kind === "input");
    return free ? [{ made: made!, other, place }] : [];
  });
  // The later one of two: its operands have to live until here anyway.
  const best = candidates.sort((x, y) => position(y.made) - position(x.made))[0];
  return best && { ...best.made, inputs: best.made.inputs.with(best.place, best.other), output: node.output };
}
