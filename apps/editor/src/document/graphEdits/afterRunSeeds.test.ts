import type { GraphDocument, InputSchema, NodeInfo } from "@patchbay/graph";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainSchema } from "../cardPorts/plainInput.js";
import { after, catalog, graph } from "../testing/graphs.js";
import { afterRunSeeds, largestRandomSeed, randomSeed } from "./afterRunSeeds.js";

const half = (): number => 0.5;

const next = (document: GraphDocument, nodes = catalog): GraphDocument => after(document, afterRunSeeds(document, nodes, half));

describe("afterRunSeeds", () => {
  test("does what the controls say", () => {
    const max = (1n << 64n) - 1n;
    const sampler = (seed: number | bigint, control: "fixed" | "increment" | "decrement" | "randomize") => ({
      type: "KSampler",
      inputs: { seed },
      controls: { seed: control },
    });
    const document = graph({
      1: sampler(5, "fixed"),
      2: sampler(5, "increment"),
      3: sampler(5, "decrement"),
      4: sampler(5, "randomize"),
      5: sampler(Number.MAX_SAFE_INTEGER, "increment"),
      6: sampler(max, "increment"),
      7: sampler(0, "decrement"),
      8: sampler(max, "decrement"),
    });
    const seeds = Object.values(next(document).nodes).map(({ inputs }) => inputs["seed"]);
    expect(seeds).toEqual([5, 6, 4, largestRandomSeed / 2, 1n << 53n, max, 0, max - 1n]);
    expect(next(document).nodes["1"]).toBe(document.nodes["1"]);
  });

  test("leaves alone what took no part: linked seeds, muted and bypassed nodes, nodes without a control", () => {
    const inputs = { seed: 5 };
    const controls = { seed: "increment" as const };
    const document = graph(
      {
        1: "PrimitiveInt",
        2: { type: "KSampler", inputs, controls },
        3: { type: "KSampler", inputs, controls, mode: "mute" },
        4: { type: "KSampler", inputs, controls, mode: "bypass" },
        5: { type: "KSampler", inputs },
      },
      ["1.INT -> 2.seed"],
    );
    expect(afterRunSeeds(document, catalog, half)).toEqual([]);
  });

  test("goes through the options of a combo and stops at its ends", () => {
    const info: NodeInfo = {
      ...(catalog["PrimitiveInt"] as NodeInfo),
      name: "Pick",
      input: { required: { name: ["COMBO", { options: ["a", "b", "c"], control_after_generate: true }] } },
    };
    const pick = (name: string, control: "increment" | "decrement" | "randomize") => ({
      type: "Pick",
      inputs: { name },
      controls: { name: control },
    });
    const document = graph({ 1: pick("a", "increment"), 2: pick("c", "increment"), 3: pick("a", "decrement"), 4: pick("a", "randomize") });
    expect(Object.values(next(document, { ...catalog, Pick: info }).nodes).map(({ inputs }) => inputs["name"])).toEqual([
      "b",
      "c",
      "a",
      "b",
    ]);
  });

  test("moves primitives on as what they set", () => {
    const document = graph({ 1: { type: "PrimitiveNode", inputs: { value: 7 }, controls: { value: "increment" } }, 2: "KSampler" }, [
      "1.#0 -> 2.seed",
    ]);
    expect(next(document).nodes["1"]?.inputs["value"]).toBe(8);
  });

  test("reaches seeds within subgraphs, by the instance where it has a value of its own", () => {
    const inner = graph({
      1: { type: "KSampler", inputs: { seed: 1 }, controls: { seed: "increment" } },
      2: { type: "KSampler", inputs: { seed: 3 } },
    });
    const subgraphs = { abc: { name: "S", inputs: [], outputs: [], ...inner } as unknown as GraphDocument["subgraphs"][string] };
    const document = graph({ 7: { type: "abc", promoted: [{ node: "1", input: "seed", value: 40 }] } }, [], { subgraphs });
    const done = next(document);
    expect(done.nodes["7"]?.promoted).toEqual([{ node: "1", input: "seed", value: 41 }]);
    expect(done.subgraphs["abc"]?.nodes["1"]?.inputs["seed"]).toBe(2);
    expect(done.subgraphs["abc"]?.nodes["2"]).toBe(document.subgraphs["abc"]?.nodes["2"]);
  });
});

describe("randomSeed", () => {
  test("is a whole number within bounds and on the step, exact in a double", () => {
    const bounds = fc.record({
      min: fc.option(fc.oneof(fc.integer(), fc.bigInt({ min: -(1n << 63n), max: 0n })), { nil: undefined }),
      max: fc.option(fc.oneof(fc.integer({ min: 2 ** 31, max: 2 ** 40 }), fc.constant((1n << 64n) - 1n)), { nil: undefined }),
      step: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(bounds, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (given, random) => {
        const schema = plainSchema("seed", "INT", "int", given as Partial<InputSchema>);
        const seed = randomSeed(schema, () => random);
        expect(Number.isSafeInteger(seed)).toBe(true);
        expect(Math.abs(seed)).toBeLessThanOrEqual(largestRandomSeed);
        if (given.min !== undefined) expect(seed >= given.min).toBe(true);
        if (given.max !== undefined) expect(seed <= given.max).toBe(true);
      }),
    );
  });

  test("spreads over all there is", () => {
    const schema = plainSchema("seed", "INT", "int", { min: 1, max: 3 });
    const seen = new Set(Array.from({ length: 30 }, (_, i) => randomSeed(schema, () => i / 30)));
    expect([...seen].sort()).toEqual([1, 2, 3]);
    expect(randomSeed(undefined, () => 0)).toBe(0);
    expect(randomSeed(undefined, () => 1 - 2 ** -53)).toBe(largestRandomSeed);
  });
});
