import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadNative } from "./loadNative.js";
import { OP_TABLE } from "./opTable.js";
import { writePlan, type TestPlan } from "./testing/writePlan.js";

const native = loadNative();

const input = { kind: "input", dims: [4, 6] } as const;
const output = { kind: "output", dims: [4, 6] } as const;
const negate = { op: "unary", inputs: [0], output: 1, ints: [9] } as const;

/** What loading the plan says, or "loaded". */
function outcome(plan: TestPlan): string {
  try {
    native.loadPlan(writePlan(plan), []);
    return "loaded";
  } catch (error) {
    expect(error).toMatchObject({ name: "EngineError", code: "ENGINE_PLAN" });
    return (error as Error).message;
  }
}

test("both sides list the same ops in the same order, with as many attributes", () => {
  const text = readFileSync(new URL("../native/core/opTable.def", import.meta.url), "utf8");
  const rows = [...text.matchAll(/^PATCHBAY_OP\((\w+), (\d+), (-?\d+), (-?\d+), (\d+)\)/gm)].map(([, name, ...numbers]) => [
    name,
    ...numbers.map(Number),
  ]);
  const expected = OP_TABLE.map(({ name, inputs, ints, floats }) => {
    const open = (list: readonly string[]): boolean => list.some((each) => each.startsWith("..."));
    const least = inputs.filter((each) => !each.endsWith("?")).length;
    return [name, least, open(inputs) ? -1 : inputs.length, open(ints) ? -1 : ints.length, floats.length];
  });
  expect(rows).toEqual(expected);
});

describe("loadPlan", () => {
  test("takes a good plan and computes with it", async () => {
    const plan = native.loadPlan(writePlan({ tensors: [input, output], ops: [negate] }), []);
    const out = new Float32Array(24);
    const report = await native.run(plan, [Float32Array.from({ length: 24 }, (_, i) => i)], [out], { profile: true });
    expect([...out.subarray(0, 4)]).toEqual([-0, -1, -2, -3]);
    expect(report.opNanoseconds).toHaveLength(1);
    expect(native.planMemory(plan)).toEqual({ arena: 0, workspace: 0, packedWeights: 0 });
  });

  test.each<[string, TestPlan, string]>([
    [
      "an arena tensor that leaves the arena",
      { tensors: [input, { kind: "arena", dims: [4, 6] }], ops: [negate], arenaBytes: 95 },
      "leaves the arena",
    ],
    [
      "a constant that leaves the constants",
      { tensors: [{ kind: "constant", dims: [4, 6] }, output], ops: [negate] },
      "leaves the constants",
    ],
    ["a slot that is not there", { tensors: [{ ...input, slot: 1 }, output], ops: [negate] }, "names an input or output that is not there"],
    ["a weight that is not there", { tensors: [{ kind: "weight", dims: [4] }, output], ops: [negate] }, "names a weight that is not there"],
    ["rows that overlap", { tensors: [{ ...input, rowStride: 5 }, output], ops: [negate] }, "has rows that overlap"],
    [
      "more elements than can be",
      { tensors: [{ ...input, dims: [2 ** 30, 2 ** 30] }, output], ops: [negate] },
      "reaches over more than 2^40 elements",
    ],
    [
      "dimensions whose product passes 2^64",
      {
        tensors: [
          { ...input, dims: [2 ** 20, 2 ** 20, 2 ** 24, 1] },
          { ...output, dims: [2 ** 20, 2 ** 20, 2 ** 24, 1] },
        ],
        ops: [{ op: "permute", inputs: [0], output: 1, ints: [1, 0, 2, 3] }],
      },
      "tensor 0 has more than 2^40 elements",
    ],
    ["a misaligned offset", { tensors: [{ ...input, offset: 2 }, output], ops: [negate] }, "not aligned"],
    ["an unknown function", { tensors: [input, output], ops: [{ ...negate, ints: [13] }] }, 'op 0 "unary": unknown function'],
    ["too few ints", { tensors: [input, output], ops: [{ ...negate, ints: [] }] }, "has a wrong number of ints"],
    ["shapes that differ", { tensors: [input, { ...output, dims: [6, 4] }], ops: [negate] }, "shapes don't fit"],
    ["an output that is an input", { tensors: [input, { ...input, offset: 96 }], ops: [negate] }, "writes to what can only be read"],
    [
      "an op that writes over what it reads",
      { tensors: [{ ...output, dims: [6, 6] }, output], ops: [{ op: "slice", inputs: [0], output: 1, ints: [1, 0] }] },
      "writes over its operand 0",
    ],
    [
      "a linear without a weight",
      { tensors: [input, output], ops: [{ op: "linear", inputs: [0, 0], output: 1, ints: [0, 0, 0] }] },
      "is not a weight",
    ],
    ["a mask that lies", { tensors: [input, output], ops: [{ op: "layerNorm", inputs: [0], output: 1, ints: [3], floats: [0] }] }, "mask"],
    [
      "a slice outside",
      { tensors: [input, { ...output, dims: [4, 3] }], ops: [{ op: "slice", inputs: [0], output: 1, ints: [0, 4] }] },
      "not inside",
    ],
    ["an order that is none", { tensors: [input, output], ops: [{ op: "permute", inputs: [0], output: 1, ints: [0, 0] }] }, "order"],
    ["float ids", { tensors: [input, output], ops: [{ op: "gather", inputs: [0, 0], output: 1 }] }, "is not a weight"],
  ])("refuses %s", (_, plan, message) => {
    expect(outcome(plan)).toContain(message);
  });

  test("an op's integer weight is refused: only fp32 and half types are widened", () => {
    const weight = native.memoryWeight(new Int32Array(24), "i32", [4, 6]);
    const bytes = writePlan({
      tensors: [{ kind: "weight", dtype: "i32", dims: [4, 6] }, output],
      ops: [negate],
      weights: 1,
      inputs: 0,
    });
    expect(() => native.loadPlan(bytes, [weight])).toThrow('op 0 "unary": an operand is not fp32');
  });

  test("a plan whose bytes are changed at random loads or is refused, and what loads runs within its bounds", async () => {
    const weight = native.memoryWeight(new Float32Array(9 * 5 * 5), "f32", [5, 5, 3, 3]);
    const good = writePlan({
      tensors: [
        { kind: "input", dims: [1, 6, 7, 5] },
        { kind: "weight", dims: [5, 5, 3, 3] },
        { kind: "arena", dims: [1, 6, 7, 5] },
        { kind: "arena", dims: [1, 6, 7, 5], offset: 1024 },
        { kind: "arena", dims: [1, 42, 5], offset: 1024 },
        { kind: "arena", dims: [1, 42, 5], offset: 2048 },
        { kind: "output", dims: [1, 42, 10] },
      ],
      ops: [
        { op: "conv2d", inputs: [0, 1], output: 2, ints: [0, 1, 1, 1, 1, 1, 1, 1, 0, 0] },
        { op: "binary", inputs: [2, 0], output: 3, ints: [0] },
        { op: "attention", inputs: [4, 4, 4], output: 5, ints: [1, 0], floats: [0.5] },
        { op: "concat", inputs: [4, 5], output: 6, ints: [2] },
      ],
      weights: 1,
      arenaBytes: 4096,
    });
    expect(() => native.loadPlan(good, [weight])).not.toThrow();
    let loads = 0;
    const run = async (bytes: Uint8Array): Promise<void> => {
      let plan;
      try {
        plan = native.loadPlan(bytes, [weight]);
      } catch (error) {
        expect(error).toMatchObject({ code: "ENGINE_PLAN" });
        return;
      }
      loads++;
      const { arena, workspace } = native.planMemory(plan);
      if (arena + workspace > 2 ** 28) return;
      const buffers = [new Float32Array(4096), new Float32Array(4096)] as const;
      // ENGINE_INPUT: the changed plan asks for more, or for another number of buffers.
      try {
        await native.run(plan, [buffers[0]], [buffers[1]], {});
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^ENGINE_(INPUT|MEMORY)$/) as string });
      }
      native.disposePlan(plan);
    };
    // Where products overflow and signs turn.
    const powers = fc.tuple(fc.nat({ max: 31 }), fc.integer({ min: -1, max: 1 })).map(([bits, near]) => (2 ** bits + near) >>> 0);
    const change = fc.tuple(fc.nat({ max: good.length / 4 - 1 }), fc.oneof(fc.nat({ max: 16 }), powers, fc.nat({ max: 0xffff_ffff })));
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.option(fc.nat({ max: good.length }), { freq: 5 }),
        async (changes, cut) => {
          const bytes = good.slice();
          for (const [word, value] of changes) new DataView(bytes.buffer).setUint32(word * 4, value, true);
          await run(cut === null ? bytes : bytes.slice(0, cut));
        },
      ),
      { numRuns: 3000 },
    );
    expect(loads).toBeGreaterThan(3);
  });
});
