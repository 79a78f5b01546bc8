import { describe, expect, test } from "vitest";
import { printGraph } from "../ir/graph.js";
import { constant, trace } from "../ir/trace.js";
import { add, multiply } from "../ops/binary.js";
import { conv2d } from "../ops/conv2d.js";
import { geglu } from "../ops/geglu.js";
import { groupNorm } from "../ops/groupNorm.js";
import { linear } from "../ops/linear.js";
import { reshape } from "../ops/reshape.js";
import { resize } from "../ops/resize.js";
import { silu, unary } from "../ops/unary.js";
import { randomWeights } from "../testing/compareWithOracle.js";
import { optimize } from "./passes.js";

const w = randomWeights({
  "conv.weight": [8, 8, 3, 3],
  "conv.bias": [8],
  "point.weight": [8, 8, 1, 1],
  "norm.weight": [8],
  "norm.bias": [8],
  "emb.weight": [8, 4],
});

function optimised(build: Parameters<typeof trace>[1]): string {
  return printGraph(optimize(trace({ x: { shape: [2, 4, 4, 8] }, t: { shape: [2, 4] } }, build)));
}

describe("passes", () => {
  test("a residual block becomes two norms, two convolutions and one linear", () => {
    const text = optimised(({ x, t }) => {
      const h = conv2d(silu(groupNorm(x!, w.at("norm"), { groups: 4 })), w.at("conv"), { padding: 1 });
      const embedded = add(h, reshape(linear(silu(t!), w.at("emb")), [2, 1, 1, 8]));
      return { y: add(x!, conv2d(silu(groupNorm(embedded, w.at("norm"), { groups: 4 })), w.at("conv"), { padding: 1 })) };
    });
    const ops = [...text.matchAll(/= (\w+)\(/g)].map((match) => match[1]);
    expect(ops).toEqual(["groupNorm", "unary", "linear", "conv2d", "groupNorm", "conv2d"]);
  });

  test("a value that is read twice is not taken in", () => {
    const text = optimised(({ x }) => {
      const h = conv2d(x!, w.at("conv"), { padding: 1 });
      return { activated: silu(h), raw: h };
    });
    expect(text).toContain("= unary(%0");
  });

  test("resize joins its convolution, a pointwise convolution becomes linear", () => {
    expect(optimised(({ x }) => ({ y: conv2d(resize(x!, 8, 8), w.at("conv"), { padding: 1 }) }))).toContain(
      "conv2d(x, @conv.weight, @conv.bias, -, -; 0,1,1,1,1,1,1,8,8)",
    );
    expect(optimised(({ x }) => ({ y: silu(conv2d(x!, w.at("point"))) }))).toContain("%0 [2,4,4,8] = linear(x, @point.weight, -, -; 1,0)");
  });

  test("geglu joins its linear where the halves are whole panels", () => {
    const wide = randomWeights({ "a.weight": [64, 8], "b.weight": [40, 8] });
    expect(optimised(({ x }) => ({ y: geglu(linear(x!, wide.at("a"))) }))).toBe(
      "%0 [2,4,4,32] = linear(x, @a.weight, -, -; 0,2)\nreturn y = %0",
    );
    expect(optimised(({ x }) => ({ y: geglu(linear(x!, wide.at("b"))) }))).toContain("geglu(%0)");
  });

  test("constants are folded and dead ops left out", () => {
    const text = optimised(({ x }) => {
      unary(x!, "exp");
      return { y: multiply(x!, unary(constant(Float32Array.of(4), [1]), "sqrt")) };
    });
    expect(text).toBe("%0 [2,4,4,8] = binary(x, const[1]; 2)\nreturn y = %0");
  });
});
