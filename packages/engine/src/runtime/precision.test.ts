import { loadNative } from "@patchbay/engine-bindings";
import { afterEach, describe, expect, test } from "vitest";
import { interpret } from "../interpret/interpret.js";
import type { Tensor } from "../ir/tensor.js";
import { trace } from "../ir/trace.js";
import { attention } from "../ops/attention.js";
import { add } from "../ops/binary.js";
import { conv2d } from "../ops/conv2d.js";
import { geglu } from "../ops/geglu.js";
import { groupNorm } from "../ops/groupNorm.js";
import { layerNorm } from "../ops/layerNorm.js";
import { linear } from "../ops/linear.js";
import { reshape } from "../ops/reshape.js";
import { randomArray, randomWeights, relativeError } from "../testing/compareWithOracle.js";
import type { WeightScope } from "../weights/weightScope.js";
import { configureEngine, engineArithmetic } from "./engineSettings.js";
import { Network } from "./network.js";

const native = loadNative();
const before = native.configuration();
afterEach(() => configureEngine({ isa: before.isa, threads: before.threads, precision: "exact" }));

const WIDTH = 64;
const vectors = (...names: string[]): [string, number[]][] =>
  names.flatMap((name) => [[`${name}.weight`, [WIDTH]] as [string, number[]], [`${name}.bias`, [WIDTH]] as [string, number[]]]);
const shapes: Record<string, number[]> = {
  ...Object.fromEntries(vectors("norm1", "norm2", "norm3")),
  ...Object.fromEntries(["q", "k", "v", "out"].map((name) => [`${name}.weight`, [WIDTH, WIDTH]])),
  "conv.weight": [WIDTH, WIDTH, 3, 3],
  "down.weight": [WIDTH, WIDTH, 3, 3],
  "wide.weight": [WIDTH * 8, WIDTH],
  "narrow.weight": [WIDTH, WIDTH * 4],
};

/** A block like those of Stable Diffusion's UNet: a convolution by Winograd, a direct one, a transformer layer, residuals. */
function block(weights: WeightScope): (inputs: Record<string, Tensor>) => Record<string, Tensor> {
  return ({ x }) => {
    const h = add(x!, conv2d(groupNorm(x!, weights.at("norm1"), { groups: 8 }), weights.at("conv"), { padding: 1 }));
    let tokens = reshape(conv2d(h, weights.at("down"), { padding: 1, stride: 2 }), [1, 64, WIDTH]);
    const normed = layerNorm(tokens, weights.at("norm2"));
    const [q, k, v] = ["q", "k", "v"].map((name) => linear(normed, weights.at(name)));
    tokens = add(tokens, linear(attention(q!, k!, v!, { heads: 2 }), weights.at("out")));
    const mixed = geglu(linear(layerNorm(tokens, weights.at("norm3")), weights.at("wide")));
    return { y: add(tokens, linear(mixed, weights.at("narrow"))) };
  };
}

describe("precision", () => {
  test("each has its error and no more, on every instruction set; what an instruction set lacks is exact", async () => {
    const inputs = { x: { data: randomArray(16 * 16 * 64, 7), shape: [1, 16, 16, 64] } };
    const build = block(randomWeights(shapes));
    const expected = interpret(trace({ x: { shape: [1, 16, 16, 64] } }, build), inputs)["y"]!.data;
    const network = new Network("block", build);
    for (const isa of native.availableIsas) {
      const results = new Map<string, Float32Array>();
      for (const precision of ["exact", "fast", "small"] as const) {
        configureEngine({ isa, precision, threads: 1 });
        const { data } = (await network.run(inputs))["y"]!;
        configureEngine({ threads: 3 });
        expect((await network.run(inputs))["y"]!.data, `${isa} ${precision}: threads`).toEqual(data);
        results.set(precision, data as Float32Array);
      }
      const error = (precision: string): number => relativeError(results.get(precision)!, expected);
      expect(error("exact"), isa).toBeLessThan(2e-6);
      configureEngine({ precision: "fast" });
      if (engineArithmetic().precision === "exact") expect(results.get("fast"), isa).toEqual(results.get("exact"));
      else {
        expect(error("fast"), isa).toBeGreaterThan(1e-4);
        expect(error("fast"), isa).toBeLessThan(1e-2);
      }
      expect(error("small"), isa).toBeGreaterThan(1e-4);
      expect(error("small"), isa).toBeLessThan(2e-2);
    }
    network.dispose();
  });

  test("that is unknown is refused", () => {
    expect(() => configureEngine({ precision: "half" as never })).toThrow('could not use the precision "half"');
  });
});
