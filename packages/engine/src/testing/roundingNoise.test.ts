import { expect, test } from "vitest";
import { interpret } from "../interpret/interpret.js";
import type { Tensor } from "../ir/tensor.js";
import { trace } from "../ir/trace.js";
import { affine } from "../ops/affine.js";
import { subtract } from "../ops/binary.js";
import { linear } from "../ops/linear.js";
import { gelu } from "../ops/unary.js";
import { randomArray, randomWeights } from "./compareWithOracle.js";
import { roundingNoise } from "./roundingNoise.js";

function noiseOf(build: (x: Tensor) => Tensor): number {
  const shape = [20, 30];
  const graph = trace({ x: { shape } }, ({ x }) => ({ y: build(x!) }));
  const given = { x: { data: randomArray(600, 3), shape } };
  return roundingNoise(graph, given, interpret(graph, given), 2 ** -22)["y"]!;
}

test("a layer errs by about the precision of fp32, differences of nearly equal numbers by much more", () => {
  const w = randomWeights({ weight: [25, 30] });
  const layer = noiseOf((x) => linear(x, w));
  expect(layer).toBeGreaterThan(2 ** -25);
  expect(layer).toBeLessThan(2 ** -19);
  expect(noiseOf((x) => subtract(affine(x, 1.001), x))).toBeGreaterThan(100 * layer);
  expect(noiseOf((x) => gelu(affine(x, 0.1, -4)))).toBeGreaterThan(100 * layer);
});
