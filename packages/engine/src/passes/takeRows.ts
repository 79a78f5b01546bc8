import { Tensor, type Node } from "../ir/tensor.js";
import { affineOp } from "../ops/affine.js";
import { binaryOp } from "../ops/binary.js";
import { clampOp } from "../ops/clamp.js";
import { concatOp } from "../ops/concat.js";
import { conv2dOp } from "../ops/conv2d.js";
import { linearOp } from "../ops/linear.js";
import { unaryOp } from "../ops/unary.js";

const CHANNELS = 3;
const CHANNEL_ADD = 3;
const pointwise = new Set([linearOp, unaryOp, affineOp, clampOp]);

/** Whether rows of a node's result [1, H, W, C] follow from rows of its operands. */
export function readsRows(node: Node): boolean {
  if (node.op === concatOp) return node.attributes.ints[0] === CHANNELS;
  // Right-aligned, three dimensions would have their rows elsewhere.
  if (node.op === binaryOp) return node.inputs.every((operand) => operand!.shape.length !== 3 && operand!.shape.length <= 4);
  if (node.op !== conv2dOp) return pointwise.has(node.op);
  const [, , , padTop = 0, , padBottom = 0, , resizeH = 0] = node.attributes.ints;
  const [x, weight] = node.inputs;
  // Resized by a whole number of times (0 is not at all), and no window lies beyond the picture.
  return resizeH % x!.dim(1) === 0 && Math.max(padTop, padBottom) < weight!.dim(2);
}

/** The node that computes rows first..last of what `node` computes; `rowsOf` gives rows of an operand. */
export function takeRows(node: Node, first: number, last: number, rowsOf: (tensor: Tensor, first: number, last: number) => Tensor): Node {
  const { shape } = node.output;
  const output = new Tensor(shape.with(1, last - first), "f32", { kind: "computed" });
  const sameRows = (tensor: Tensor | undefined): Tensor | undefined =>
    tensor?.shape.length === 4 && tensor.dim(1) === shape[1] && tensor.source.kind !== "weight" ? rowsOf(tensor, first, last) : tensor;
  if (node.op !== conv2dOp) return { ...node, inputs: node.inputs.map(sameRows), output };

  const [x, ...rest] = node.inputs;
  const [activation, strideH = 1, strideW, padTop = 0, padLeft, , padRight, resizeH = 0, resizeW] = node.attributes.ints;
  const height = x!.dim(1);
  const times = resizeH === 0 ? 1 : resizeH / height;
  // What it reads of the resized picture, beyond its edges too; then what that is made of, which may be a row more on either side.
  const [top, bottom] = [first * strideH - padTop, (last - 1) * strideH - padTop + rest[0]!.dim(2)];
  const from = Math.max(0, Math.floor(top / times));
  const to = Math.min(height, Math.ceil(bottom / times));
  const ints = [
    activation!,
    strideH,
    strideW!,
    from * times - top,
    padLeft!,
    bottom - to * times,
    padRight!,
    resizeH && (to - from) * times,
    resizeW!,
  ];
  const inputs = [rowsOf(x!, from, to), ...rest.map((operand, at) => (at + 1 === CHANNEL_ADD ? operand : sameRows(operand)))];
  return { ...node, inputs, attributes: { ints, floats: [] }, output };
}
