import { ACTIVATIONS } from "@patchbay/engine-bindings";
import type { Tensor } from "../ir/tensor.js";
import { affine } from "../ops/affine.js";
import { attention } from "../ops/attention.js";
import { add } from "../ops/binary.js";
import { clamp } from "../ops/clamp.js";
import { conv2d } from "../ops/conv2d.js";
import { gather } from "../ops/gather.js";
import { geglu } from "../ops/geglu.js";
import { groupNorm } from "../ops/groupNorm.js";
import { layerNorm } from "../ops/layerNorm.js";
import { linear, linearWith } from "../ops/linear.js";
import { reshape } from "../ops/reshape.js";
import { resize } from "../ops/resize.js";
import { slice } from "../ops/slice.js";
import { gelu, quickGelu, silu } from "../ops/unary.js";
import { Growth } from "./growth.js";
import { picture, resizedSide, sequence } from "./randomMovement.js";

export function randomLinear(growth: Growth): Tensor | undefined {
  const { random } = growth;
  const x = growth.any(({ shape }) => shape.length > 0);
  const width = random.chance(0.4) ? x?.dim(-1) : growth.width();
  const y = x && project(growth, x, width!);
  return y && finish(growth, y);
}

/** x[..., K] → [..., N] through a weight that is stored in any of the ways there are. */
function project(growth: Growth, x: Tensor, n: number): Tensor | undefined {
  const { random } = growth;
  const k = x.dim(-1);
  if (!growth.affords((x.elements / k) * n, x.elements * n) || !growth.affords(n * k)) return undefined;
  const options = { activation: random.chance(0.2) ? random.pick(ACTIVATIONS) : "none" } as const;
  const bias = random.chance(0.6) ? growth.weight([n], 8) : undefined;
  switch (random.integer(0, 7)) {
    case 0:
    case 1:
      return linearWith(x, growth.weight([k, n], k), bias, { ...options, transposed: true });
    case 2:
      return linear(x, growth.scope({ weight: growth.weight([n, k, 1, 1], k), bias }), options);
    case 3: {
      const skipped = random.integer(1, 9);
      return linearWith(x, growth.weight([skipped + n, k], k).rows(random.integer(0, skipped), n), bias, options);
    }
    default:
      return linear(x, growth.scope({ weight: growth.weight([n, k], k), bias }), options);
  }
}

/** What follows a layer in most networks, and joins it: an activation, a residual. Sometimes the layer is read by others too. */
function finish(growth: Growth, y: Tensor): Tensor {
  const { random } = growth;
  let result = y;
  if (random.chance(0.2)) growth.keep(result);
  if (random.chance(0.35)) result = activate(growth, result);
  if (random.chance(0.1)) growth.keep(result);
  if (random.chance(0.4)) {
    const other = growth.shaped(result.shape);
    result = random.chance(0.5) ? add(result, other) : add(other, result);
  }
  return random.chance(0.15) ? activate(growth, result) : result;
}

function activate({ random }: Growth, x: Tensor): Tensor {
  return random.pick([silu, silu, gelu, quickGelu])(x);
}

export function randomConv2d(growth: Growth): Tensor | undefined {
  const { random } = growth;
  // The kind that most networks are made of, and for which there are ways of its own: 3×3 over a picture of many channels.
  const usual = random.chance(0.4);
  const large = usual ? growth.any(({ shape }) => shape.length === 4 && shape[1]! > 5 && shape[2]! > 5) : undefined;
  let x = large ?? picture(growth);
  if (!x) return undefined;
  const wide = Math.min(200, growth.limits.width);
  const many = (): number => random.pick([16, 32, random.integer(16, 40), random.integer(wide >> 1, wide)]);
  if (x.dim(3) < (usual ? wide >> 1 : 16) && random.chance(0.7)) x = project(growth, x, many()) ?? x;
  if (random.chance(0.2)) x = activate(growth, normalize(growth, x));
  if (random.chance(0.25)) x = enlarge(growth, x);
  const [batch = 1, , , channels = 1] = x.shape;
  const wanted = usual ? random.pick([channels, many()]) : random.pick([channels, growth.width(), random.integer(1, 4)]);
  const kernelH = usual ? 3 : random.pick([1, 1, 2, 3, 3, 5]);
  const kernelW = usual || random.chance(0.8) ? kernelH : random.pick([1, 2, 3, 5]);
  const stride = usual ? 1 : random.integer(1, 2);
  const pads = Array.from({ length: 4 }, () => random.integer(0, Math.ceil(kernelH / 2))) as [number, number, number, number];
  const padding = random.chance(0.6) ? kernelH >> 1 : pads;
  const [top, left, bottom, right] = typeof padding === "number" ? [padding, padding, padding, padding] : padding;
  const outH = Math.floor((x.dim(1) + top + bottom - kernelH) / stride) + 1;
  const outW = Math.floor((x.dim(2) + left + right - kernelW) / stride) + 1;
  if (outH < 1 || outW < 1) return undefined;
  const [pixels, fanIn] = [batch * outH * outW, channels * kernelH * kernelW];
  // Fewer channels where those that are wanted are too many.
  const fits = (count: number): boolean => growth.affords(Math.max(pixels, fanIn / 4) * count, pixels * fanIn * count);
  const out = [wanted, random.integer(1, 40)].find(fits);
  if (out === undefined) return undefined;
  const weight = growth.weight([out, channels, kernelH, kernelW], fanIn);
  const bias = random.chance(0.6) ? growth.weight([out], 8) : undefined;
  const activation = random.chance(0.15) ? random.pick(ACTIVATIONS) : "none";
  const y = conv2d(x, growth.scope({ weight, bias }), { stride, padding, activation });
  return finish(growth, random.chance(0.3) ? addToChannels(growth, y) : y);
}

/** The picture resized by nearest, which joins the convolution after it unless others read it. */
function enlarge(growth: Growth, x: Tensor): Tensor {
  const [height, width] = [resizedSide(growth, x.dim(1)), resizedSide(growth, x.dim(2))];
  if (!growth.affords(x.dim(0) * height * width * x.dim(3))) return x;
  const y = resize(x, height, width);
  return growth.random.chance(0.2) ? growth.keep(y) : y;
}

/** A vector for each sample added to every pixel, as a time embedding is. */
function addToChannels(growth: Growth, y: Tensor): Tensor {
  const { random } = growth;
  const [batch = 1, , , channels = 1] = y.shape;
  const vector = growth.shaped([batch, channels]);
  const embedding = (random.chance(0.5) && project(growth, vector, channels)) || vector;
  const spread = reshape(embedding, [batch, 1, 1, channels]);
  if (random.chance(0.2)) growth.keep(spread);
  return random.chance(0.5) ? add(y, spread) : add(spread, y);
}

function normalize(growth: Growth, x: Tensor): Tensor {
  const { random } = growth;
  const channels = x.dim(-1);
  const groups = random.pick(Array.from({ length: channels }, (_, i) => i + 1).filter((count) => channels % count === 0));
  const scope = growth.scope({ weight: growth.weight([channels], 2), bias: growth.weight([channels], 8) });
  return groupNorm(x, scope, { groups, eps: random.pick([1e-5, 1e-6, 1e-2]) });
}

export function randomGroupNorm(growth: Growth): Tensor | undefined {
  const x = growth.any(({ shape }) => shape.length > 1);
  if (!x) return undefined;
  const y = normalize(growth, x);
  return growth.random.chance(0.6) ? activate(growth, growth.random.chance(0.2) ? growth.keep(y) : y) : y;
}

export function randomLayerNorm(growth: Growth): Tensor | undefined {
  const { random } = growth;
  const x = growth.any(({ shape }) => shape.length > 0);
  if (!x) return undefined;
  const vector = (fanIn: number) => (random.chance(0.7) ? growth.weight([x.dim(-1)], fanIn) : undefined);
  return layerNorm(x, growth.scope({ weight: vector(2), bias: vector(8) }), { eps: random.pick([1e-5, 1e-6, 1e-2]) });
}

export function randomAttention(growth: Growth): Tensor | undefined {
  const { random } = growth;
  const x = sequence(growth);
  if (!x) return undefined;
  const [batch, queries] = [x.dim(0), x.dim(1)];
  const y = random.chance(0.5) ? x : (sequence(growth, batch) ?? x);
  const heads = random.integer(1, 4);
  const width = heads * random.integer(1, 40);
  if (!growth.affords(batch * Math.max(queries, y.dim(1)) * width * 3, 2 * batch * queries * y.dim(1) * width)) return undefined;
  const parts = random.chance(0.3)
    ? splitOne(growth, x, width)
    : [project(growth, x, width), project(growth, y, width), project(growth, y, width)];
  const [q, k, v] = random.chance(0.15) ? ownWidth(x, y) : parts;
  if (!q || !k || !v) return undefined;
  const options = { heads: q.dim(-1) % heads === 0 ? heads : 1, causal: random.chance(0.4) };
  const bounded = random.chance(0.5) ? clamp(q, -2, 2) : q;
  const z = random.chance(0.3)
    ? attention(bounded, k, v, { ...options, scale: random.pick([0.1, 0.3, -0.2]) })
    : attention(bounded, k, v, options);
  return random.chance(0.4) ? (project(growth, z, x.dim(-1)) ?? z) : z;
}

/** Queries, keys and values as slices of one product. */
function splitOne(growth: Growth, x: Tensor, width: number): (Tensor | undefined)[] {
  const all = project(growth, x, 3 * width);
  return growth.random.shuffle([0, 1, 2]).map((part) => all && slice(all, 2, part * width, width));
}

/** No product in front; values and keys are one tensor. */
function ownWidth(x: Tensor, y: Tensor): (Tensor | undefined)[] {
  const keys = x.dim(-1) === y.dim(-1) ? y : x;
  return [affine(x, 0.5), keys, keys];
}

export function randomGeglu(growth: Growth): Tensor | undefined {
  const { random } = growth;
  const x = growth.any(({ shape }) => shape.length > 0);
  if (!x) return undefined;
  const bounded = clamp(x, -3, 3);
  // Halves of whole panels join their linear.
  const half = random.pick([32, 64, 96, random.integer(1, 40)]);
  const wide = random.chance(0.6) ? project(growth, bounded, 2 * half) : undefined;
  if (wide) return finish(growth, geglu(random.chance(0.15) ? growth.keep(wide) : wide));
  const odd = x.dim(-1) % 2;
  return x.dim(-1) === 1 ? undefined : geglu(odd === 0 ? bounded : slice(bounded, -1, random.integer(0, 1), x.dim(-1) - 1));
}

export function randomGather(growth: Growth): Tensor | undefined {
  const { random } = growth;
  const [rows, width] = [random.integer(1, 40), growth.width()];
  const given = growth.ids && random.chance(0.6) ? growth.ids : undefined;
  const shape = given?.shape ?? Array.from({ length: random.integer(0, 3) }, () => random.integer(1, 5));
  const count = shape.reduce((product, size) => product * size, 1);
  if (!growth.affords(count * width)) return undefined;
  return gather(growth.weight([given ? Math.max(rows, Growth.idsEnd) : rows, width], 3), given ?? growth.integers(shape, rows));
}
