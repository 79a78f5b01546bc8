import type { HostTensor, OpDefinition } from "../ir/tensor.js";
import { operand, shapeError } from "./shapeError.js";

/** How much of dimension 1 a chunk takes: what groupNorm takes where it is given no moments (momentChunk in native/cpu/moments.h). */
export function momentChunk(length: number): number {
  return length <= 128 ? 1 : 4 * Math.ceil(length / 512);
}

/** ints: groups, chunk. */
export const momentsOp: OpDefinition = {
  name: "moments",
  infer(inputs, { ints: [groups = 0, chunk = 0] }) {
    const x = operand("moments", inputs, 0);
    if (x.shape.length < 2) throw shapeError("moments", inputs, "x must be [N, ..., C]");
    if (groups < 1 || x.dim(-1) % groups !== 0)
      throw shapeError("moments", inputs, `${x.dim(-1)} channels don't divide into ${groups} groups`);
    if (chunk < 1) throw shapeError("moments", inputs, "a chunk must be at least 1");
    return [x.dim(0), Math.ceil(lengthOf(x.shape) / chunk), groups, 5];
  },
  reference([x], { ints: [groups = 1, chunk = 1] }, [batch = 0, chunks = 0]) {
    const channels = x!.shape.at(-1)!;
    const length = lengthOf(x!.shape);
    const inner = x!.data.length / (batch * length * channels);
    const width = channels / groups;
    const out = new Float32Array(batch * chunks * groups * 5);
    for (let place = 0; place < batch * chunks * groups; place++) {
      const [n, first, g] = [Math.floor(place / groups / chunks), (Math.floor(place / groups) % chunks) * chunk, place % groups];
      const values: number[] = [];
      for (let row = first * inner; row < Math.min(length, first + chunk) * inner; row++) {
        for (let c = g * width; c < (g + 1) * width; c++) values.push(x!.data[(n * length * inner + row) * channels + c]!);
      }
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      out.set([values.length, mean, mean - Math.fround(mean), squares, squares - Math.fround(squares)], place * 5);
    }
    return out;
  },
};

function lengthOf(shape: readonly number[]): number {
  return shape.length > 2 ? shape[1]! : 1;
}

/** Mean and variance of group `g` of sample `n` from what `moments` gave for all chunks of a tensor. */
export function combineMoments({ data, shape }: HostTensor, n: number, g: number): { readonly mean: number; readonly variance: number } {
  const [, chunks = 0, groups = 0] = shape;
  const parts = Array.from({ length: chunks }, (_, chunk) => {
    const at = ((n * chunks + chunk) * groups + g) * 5;
    return { count: data[at]!, mean: data[at + 1]! + data[at + 2]!, squares: data[at + 3]! + data[at + 4]! };
  });
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const mean = parts.reduce((sum, part) => sum + part.count * part.mean, 0) / count;
  const squares = parts.reduce((sum, part) => sum + part.squares + part.count * (part.mean - mean) ** 2, 0);
  return { mean, variance: squares / count };
}
