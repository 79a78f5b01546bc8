// Parts of SDXL's size over random fp16 weights: a transformer block as its UNet has, and single products.
import { add, attention, geglu, layerNorm, linear, Network, Weight, WeightScope } from "@patchbay/engine";
import { noise } from "./noise.mjs";
import { randomHalves } from "./randomCheckpoint.mjs";

const matrix = (name, rows, columns) => [name, Weight.inMemory(name, randomHalves(rows * columns, columns), "f16", [rows, columns])];
const vector = (name, size, value) => [name, Weight.inMemory(name, new Float32Array(size).fill(value), "f32", [size])];

/** x[2, tokens, inputs] times a matrix. */
export function gemm({ tokens, inputs, outputs }) {
  const scope = new WeightScope(new Map([matrix("weight", outputs, inputs)]));
  const network = new Network("gemm", ({ x }) => ({ y: linear(x, scope) }));
  const given = { x: noise([2, tokens, inputs]) };
  return () => network.run(given);
}

function blockWeights({ width, contextWidth }) {
  const weights = [matrix("ff.proj.weight", 8 * width, width), vector("ff.proj.bias", 8 * width, 0)];
  weights.push(matrix("ff.out.weight", width, 4 * width), vector("ff.out.bias", width, 0));
  for (const norm of ["norm1", "norm2", "norm3"]) weights.push(vector(`${norm}.weight`, width, 1), vector(`${norm}.bias`, width, 0));
  for (const [name, from] of [
    ["self", width],
    ["cross", contextWidth],
  ]) {
    weights.push(
      matrix(`${name}.q.weight`, width, width),
      matrix(`${name}.k.weight`, width, from),
      matrix(`${name}.v.weight`, width, from),
    );
    weights.push(matrix(`${name}.out.weight`, width, width), vector(`${name}.out.bias`, width, 0));
  }
  return new WeightScope(new Map(weights));
}

/** Tokens [2, tokens, width] look at each other and at the context, then pass a gated feed-forward. */
export function transformerBlock(sizes) {
  const { tokens, width, heads, contextTokens, contextWidth } = sizes;
  const scope = blockWeights(sizes);
  const attend = (x, source, part) => {
    const [q, k, v] = [linear(x, part.at("q")), linear(source, part.at("k")), linear(source, part.at("v"))];
    return linear(attention(q, k, v, { heads }), part.at("out"));
  };
  const network = new Network("block", ({ x, context }) => {
    const first = layerNorm(x, scope.at("norm1"));
    const looked = add(attend(first, first, scope.at("self")), x);
    const told = add(attend(layerNorm(looked, scope.at("norm2")), context, scope.at("cross")), looked);
    const hidden = geglu(linear(layerNorm(told, scope.at("norm3")), scope.at("ff.proj")));
    return { y: add(linear(hidden, scope.at("ff.out")), told) };
  });
  const given = { x: noise([2, tokens, width]), context: noise([2, contextTokens, contextWidth]) };
  return () => network.run(given);
}
