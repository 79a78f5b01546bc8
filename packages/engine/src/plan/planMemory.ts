import type { Node, Tensor } from "../ir/tensor.js";
import { sameShape } from "../ir/shape.js";
import { affineOp } from "../ops/affine.js";
import { binaryOp } from "../ops/binary.js";
import { clampOp } from "../ops/clamp.js";
import { conv2dOp } from "../ops/conv2d.js";
import { groupNormOp } from "../ops/groupNorm.js";
import { layerNormOp } from "../ops/layerNorm.js";
import { linearOp } from "../ops/linear.js";
import { softmaxOp } from "../ops/softmax.js";
import { unaryOp } from "../ops/unary.js";
import type { Buffer, StoredGraph } from "./storage.js";

/** Offsets of the arena's buffers, in bytes, and its size. */
export interface MemoryPlan {
  readonly arenaBytes: number;
  readonly offsets: ReadonlyMap<Buffer, number>;
}

export const ALIGNMENT = 64;

/** Operands an op may write over, by position: it reads each element before it writes the same one. */
const overwritable = new Map([
  [unaryOp, [0]],
  [binaryOp, [0, 1]],
  [affineOp, [0]],
  [clampOp, [0]],
  [softmaxOp, [0]],
  [groupNormOp, [0]],
  [layerNormOp, [0]],
  [linearOp, [3]],
  [conv2dOp, [4]],
]);

interface Region {
  bytes: number;
  first: number;
  last: number;
  offset: number;
}

/**
 * Liveness, then offsets: the largest buffers are placed first, each at the lowest gap among those that live at the same time
 * (greedy by size: Pisarchyk and Lee 2020, arXiv 2001.03288). An op's result takes the place of an operand that dies there.
 */
export function planMemory({ steps, storage }: StoredGraph): MemoryPlan {
  const regions = new Map<Buffer, Region>();
  const bufferOf = (tensor: Tensor): Buffer => storage.get(tensor)!.buffer;
  const lastUse = new Map<Buffer, number>();
  steps.forEach((node, step) => {
    for (const tensor of [...node.inputs, node.output]) if (tensor) lastUse.set(bufferOf(tensor), step);
  });

  steps.forEach((node, step) => {
    const target = bufferOf(node.output);
    if (target.kind !== "arena" || regions.has(target)) return;
    const whole = target.bytes === node.output.elements * 4;
    const dying = whole ? inPlaceOperand(node, step, storage, lastUse) : undefined;
    const region = (dying && regions.get(dying)) ?? { bytes: align(target.bytes), first: step, last: step, offset: -1 };
    region.last = Math.max(region.last, lastUse.get(target)!);
    regions.set(target, region);
  });

  const placed: Region[] = [];
  for (const region of [...new Set(regions.values())].sort((a, b) => b.bytes - a.bytes || a.first - b.first)) {
    let offset = 0;
    for (const other of placed) {
      if (other.last < region.first || other.first > region.last) continue;
      if (offset + region.bytes <= other.offset) break;
      offset = Math.max(offset, other.offset + other.bytes);
    }
    region.offset = offset;
    const after = placed.findIndex((other) => other.offset > offset);
    placed.splice(after < 0 ? placed.length : after, 0, region);
  }
  return {
    arenaBytes: placed.reduce((most, { offset, bytes }) => Math.max(most, offset + bytes), 0),
    offsets: new Map([...regions].map(([buffer, { offset }]) => [buffer, offset])),
  };
}

function inPlaceOperand(
  node: Node,
  step: number,
  storage: StoredGraph["storage"],
  lastUse: ReadonlyMap<Buffer, number>,
): Buffer | undefined {
  for (const position of overwritable.get(node.op) ?? []) {
    const operand = node.inputs[position];
    if (!operand || !sameShape(operand.shape, node.output.shape)) continue;
    const { buffer, offset, rowStride } = storage.get(operand)!;
    const whole = buffer.kind === "arena" && offset === 0 && rowStride === operand.shape.at(-1) && buffer.bytes === operand.elements * 4;
    const readOnce = node.inputs.filter((input) => input && storage.get(input)!.buffer === buffer).length === 1;
    if (whole && readOnce && lastUse.get(buffer) === step) return buffer;
  }
  return undefined;
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
