import { expect, test } from "vitest";
import { printGraph } from "../ir/graph.js";
import { trace } from "../ir/trace.js";
import { add } from "../ops/binary.js";
import { linear } from "../ops/linear.js";
import { softmax } from "../ops/softmax.js";
import { silu, unary } from "../ops/unary.js";
import { randomArray, randomWeights } from "./compareWithOracle.js";
import type { NetworkCase } from "./randomGraph.js";
import { shrinkCase } from "./shrinkCase.js";

const textOf = ({ inputs, build }: NetworkCase): string => printGraph(trace(inputs, build));

test("what is left of a case is the ops that make it fail, over what those in front of them compute", async () => {
  const w = randomWeights({ weight: [6, 4] });
  const whole: NetworkCase = {
    inputs: { x: { shape: [3, 4] }, unread: { shape: [2] } },
    values: { x: randomArray(12, 1), unread: randomArray(2, 2) },
    build({ x }) {
      const h = silu(linear(x!, w));
      const y = unary(add(softmax(h), h), "square");
      return { y, z: unary(y, "abs"), h };
    },
  };
  // As a pass would fail that is wrong about an addition to a softmax.
  const smallest = await shrinkCase(whole, (smaller) => Promise.resolve(/softmax[^]*binary/.test(textOf(smaller))));
  expect(textOf(smallest)).toBe("%0 [3,6] = softmax(cut)\n%1 [3,6] = binary(%0, cut; 0)\nreturn y = %1");
  const h = [...smallest.values["cut"]!];
  expect(h).toHaveLength(18);
  expect(h.some((value) => value !== 0)).toBe(true);
});

test("a case that fails in every part stays as it is", async () => {
  const whole: NetworkCase = {
    inputs: { x: { shape: [3] } },
    values: { x: randomArray(3, 1) },
    build: ({ x }) => ({ y: silu(unary(x!, "abs")) }),
  };
  expect(await shrinkCase(whole, () => Promise.resolve(false))).toBe(whole);
});
