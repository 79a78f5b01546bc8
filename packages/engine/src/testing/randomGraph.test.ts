import { ACTIVATIONS, LINEAR_LAYOUTS, OP_TABLE } from "@patchbay/engine-bindings";
import { describe, expect, test } from "vitest";
import { printGraph } from "../ir/graph.js";
import type { Node, Tensor } from "../ir/tensor.js";
import { trace } from "../ir/trace.js";
import { optimize } from "../passes/passes.js";
import { tileRows } from "../passes/tileRows.js";
import { SMALL_BANDS } from "./compareWithOracle.js";
import { randomGraph } from "./randomGraph.js";

const traced = (seed: number) => {
  const { inputs, build } = randomGraph(seed);
  return trace(inputs, build);
};

test("a seed gives the same network and the same numbers again", () => {
  for (let seed = 0; seed < 30; seed++) {
    const [one, other] = [randomGraph(seed), randomGraph(seed)];
    const text = printGraph(trace(one.inputs, one.build));
    expect(printGraph(trace(other.inputs, other.build))).toBe(text);
    expect(other.values).toEqual(one.values);
    expect(other.weights.map((weight) => weight.read())).toEqual(one.weights.map((weight) => weight.read()));
    // Traced again it has the weights it had.
    const weights = [...one.weights];
    expect(printGraph(trace(one.inputs, one.build))).toBe(text);
    expect(one.weights).toEqual(weights);
  }
});

describe("the networks of the first seeds", () => {
  const graphs = Array.from({ length: 400 }, (_, seed) => traced(seed));
  const plain = graphs.flatMap(({ nodes }) => nodes);
  const left = graphs.flatMap((graph) => optimize(graph).nodes);
  const has = (what: (node: Node) => boolean, least = 3) => expect(left.filter(what).length).toBeGreaterThanOrEqual(least);
  const read = (node: Node, at: number): Tensor | undefined => node.inputs[at];

  test("use every op", () => {
    const used = new Set(plain.map(({ op }) => op.name));
    for (const { name } of OP_TABLE) if (name !== "copy" && name !== "moments") expect(used).toContain(name);
    expect(used).toContain("reshape");
  });

  test("are of about 3 to 25 ops", () => {
    const counts = graphs.map((graph) => optimize(graph).nodes.length).sort((a, b) => a - b);
    expect(counts[100]).toBeGreaterThanOrEqual(3);
    expect(counts[380]).toBeLessThanOrEqual(30);
  });

  test("make the passes join what they can", () => {
    for (const activation of ACTIVATIONS.keys()) {
      has(({ op, attributes }) => op.name === "linear" && attributes.ints[0] === activation);
      has(({ op, attributes }) => op.name === "conv2d" && attributes.ints[0] === activation);
      has(({ op, attributes }) => op.name === "groupNorm" && attributes.ints[1] === activation);
    }
    has((node) => node.op.name === "linear" && read(node, 3) !== undefined);
    for (const layout of LINEAR_LAYOUTS.keys()) has((node) => node.op.name === "linear" && node.attributes.ints[1] === layout);
    has((node) => node.op.name === "conv2d" && read(node, 3) !== undefined);
    has((node) => node.op.name === "conv2d" && read(node, 4) !== undefined);
    has(({ op, attributes }) => op.name === "conv2d" && attributes.ints[7] !== 0);
    expect(left.length).toBeLessThan(plain.length);
  });

  test("are cut into bands, also where a convolution skips, resizes or reads the norm of others", () => {
    const cut = graphs.flatMap((graph) => tileRows(optimize(graph), SMALL_BANDS).nodes);
    const conv = (what: (ints: readonly number[], node: Node) => boolean) =>
      expect(cut.filter((node) => node.op.name === "conv2d" && what(node.attributes.ints, node)).length).toBeGreaterThanOrEqual(3);
    expect(cut.length).toBeGreaterThan(left.length);
    expect(cut.filter(({ op }) => op.name === "moments").length).toBeGreaterThan(10);
    expect(cut.filter((node) => node.op.name === "groupNorm" && read(node, 3)).length).toBeGreaterThan(10);
    conv(([, stride], { output }) => stride === 2 && output.dim(1) === 4);
    conv(([, , , padTop]) => padTop! < 0);
  });

  test("store weights as f32, f16 and bf16", () => {
    for (const dtype of ["f32", "f16", "bf16"])
      for (const op of ["linear", "conv2d", "groupNorm", "gather"])
        has((node) => node.op.name === op && node.inputs.some((input) => input?.source.kind === "weight" && input.dtype === dtype));
  });

  test("have convolutions that gain from Winograd's way, and small ones", () => {
    const usual = ({ op, inputs, attributes }: Node): boolean =>
      op.name === "conv2d" && inputs[1]!.dim(2) === 3 && inputs[1]!.dim(3) === 3 && attributes.ints[1] === 1;
    has((node) => usual(node) && node.output.dim(1) * node.output.dim(2) > 50 && node.output.dim(3) > 20 && read(node, 0)!.dim(3) > 20, 10);
    has((node) => usual(node) && read(node, 0)!.dim(3) > 128, 1);
    has((node) => usual(node) && node.output.dim(3) < 8);
  });

  test("read tensors several times, some of which are outputs", () => {
    const shared = graphs.filter(({ nodes, outputs }) => {
      const readers = (tensor: Tensor): number => nodes.filter(({ inputs }) => inputs.includes(tensor)).length;
      return [...outputs.values()].some((tensor) => tensor.source.kind === "computed" && readers(tensor) > 1);
    });
    expect(shared.length).toBeGreaterThan(20);
  });
});
