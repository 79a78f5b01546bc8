import type { Tensor } from "../ir/tensor.js";
import { concat } from "../ops/concat.js";
import { permute } from "../ops/permute.js";
import { reshape } from "../ops/reshape.js";
import { resize } from "../ops/resize.js";
import { slice } from "../ops/slice.js";
import type { Growth } from "./growth.js";

/** A tensor as a picture [N, H, W, C]: the rows of one that has another rank become pixels. */
export function picture(growth: Growth): Tensor | undefined {
  const { random } = growth;
  const x = growth.any((tensor) => tensor.shape.length > 0);
  if (!x || x.shape.length === 4) return x;
  const batch = x.shape.length > 2 ? x.dim(0) : 1;
  const [height = 1, width = 1] = random.factors(x.elements / x.dim(-1) / batch, 2);
  return reshape(x, [batch, height, width, x.dim(-1)]);
}

/** A tensor as a sequence [B, L, C]; of `batch`, where that is given. */
export function sequence(growth: Growth, batch?: number): Tensor | undefined {
  const rowsOf = (tensor: Tensor): number => tensor.elements / tensor.dim(-1);
  const x = growth.any((tensor) => tensor.shape.length > 0 && rowsOf(tensor) % (batch ?? 1) === 0);
  if (!x) return undefined;
  const samples = batch ?? (x.shape.length > 2 ? x.dim(0) : 1);
  return reshape(x, [samples, rowsOf(x) / samples, x.dim(-1)]);
}

export function randomReshape(growth: Growth): Tensor | undefined {
  const x = growth.any();
  if (!x) return undefined;
  const { random } = growth;
  const parts = random.integer(x.elements === 1 ? 0 : 1, 6);
  // A last dimension that stays is a view even of strided rows.
  if (random.chance(0.3) && x.shape.length > 0 && parts > 1)
    return reshape(x, [...random.factors(x.elements / x.dim(-1), parts - 1), x.dim(-1)]);
  const shape = parts === 0 ? [] : random.factors(x.elements, parts);
  if (random.chance(0.2) && parts > 0) shape[random.integer(0, parts - 1)] = -1;
  return reshape(x, shape);
}

export function randomSlice(growth: Growth): Tensor | undefined {
  const x = growth.any(({ elements, shape }) => elements > 1 && shape.length > 0);
  if (!x) return undefined;
  const { random } = growth;
  const axis = random.chance(0.4) ? x.shape.length - 1 : random.integer(0, x.shape.length - 1);
  const size = random.integer(Math.ceil(x.dim(axis) / 3), x.dim(axis));
  const y = slice(x, random.chance(0.3) ? axis - x.shape.length : axis, random.integer(0, x.dim(axis) - size), size);
  return random.chance(0.3) ? reshape(y, random.factors(y.elements, random.integer(1, 4))) : y;
}

export function randomPermute(growth: Growth): Tensor | undefined {
  const x = growth.any(({ shape }) => shape.length > 1);
  return x && permute(x, growth.random.shuffle([...x.shape.keys()]));
}

export function randomConcat(growth: Growth): Tensor | undefined {
  const x = growth.any(({ shape }) => shape.length > 0);
  if (!x) return undefined;
  const { random } = growth;
  const axis = random.integer(0, x.shape.length - 1);
  const parts = [x];
  let elements = x.elements;
  for (let more = random.integer(random.chance(0.1) ? 0 : 1, 3); more > 0; more--) {
    const size = random.chance(0.5) ? x.dim(axis) : random.integer(1, 2 * x.dim(axis));
    elements += (x.elements / x.dim(axis)) * size;
    if (!growth.affords(elements)) break;
    parts.push(random.chance(0.1) ? x : growth.shaped(x.shape.with(axis, size)));
    if (parts.at(-1) === x) elements += x.elements;
  }
  if (!growth.affords(elements)) return undefined;
  return concat(random.shuffle(parts), random.chance(0.3) ? axis - x.shape.length : axis);
}

export function randomResize(growth: Growth): Tensor | undefined {
  const x = picture(growth);
  if (!x) return undefined;
  const { random } = growth;
  const [height, width] = [resizedSide(growth, x.dim(1)), resizedSide(growth, x.dim(2))];
  if (!growth.affords(x.dim(0) * height * width * x.dim(3))) return undefined;
  return resize(x, height, width, random.pick(["nearest", "nearest", "bilinear"]));
}

/** Twice the side as in most networks, or any that is up to about three times as long. */
export function resizedSide({ random }: Growth, side: number): number {
  return random.chance(0.4) ? side * 2 : random.integer(1, side * 3);
}
