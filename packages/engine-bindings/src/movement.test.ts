import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadNative } from "./loadNative.js";
import { writePlan, type TestOp } from "./testing/writePlan.js";

const native = loadNative();

/** A dense array whose rows start `rowStride` elements apart; elements are numbered, gaps hold NaN. */
interface Layout {
  readonly dims: readonly number[];
  readonly rowStride: number;
}

const count = (dims: readonly number[]): number => dims.reduce((product, size) => product * size, 1);
const last = (dims: readonly number[]): number => dims.at(-1) ?? 1;
const extent = ({ dims, rowStride }: Layout): number => (count(dims) / last(dims) - 1) * rowStride + last(dims);
const placeOf = ({ dims, rowStride }: Layout, element: number): number =>
  Math.floor(element / last(dims)) * rowStride + (element % last(dims));

function numbered(layout: Layout, from: number): Float32Array {
  const data = new Float32Array(extent(layout)).fill(NaN);
  for (let i = 0; i < count(layout.dims); i++) data[placeOf(layout, i)] = from + i;
  return data;
}

/** Row-major position ↔ coordinates. */
function coordinates(dims: readonly number[], element: number): number[] {
  const at = dims.map(() => 0);
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    at[axis] = element % dims[axis]!;
    element = Math.floor(element / dims[axis]!);
  }
  return at;
}
const position = (dims: readonly number[], at: readonly number[]): number =>
  dims.reduce((element, size, axis) => element * size + at[axis]!, 0);

/** Runs one op from strided inputs to a strided output; returns the output's elements and checks that the gaps were left alone. */
async function move(op: Omit<TestOp, "inputs" | "output">, inputs: readonly Layout[], out: Layout): Promise<number[]> {
  const bytes = writePlan({
    tensors: [
      ...inputs.map((layout, slot) => ({ kind: "input" as const, slot, ...layout })),
      { kind: "output", dims: out.dims, rowStride: out.rowStride },
    ],
    ops: [{ ...op, inputs: inputs.map((_, i) => i), output: inputs.length }],
    inputs: inputs.length,
  });
  let from = 0;
  const data = inputs.map((layout) => {
    const made = numbered(layout, from);
    from += count(layout.dims);
    return made;
  });
  const result = new Float32Array(extent(out)).fill(-1);
  await native.run(native.loadPlan(bytes, []), data, [result], {});
  const elements = Array.from({ length: count(out.dims) }, (_, i) => result[placeOf(out, i)]!);
  expect(result.filter((value) => value === -1)).toHaveLength(extent(out) - count(out.dims));
  return elements;
}

const shape = fc
  .integer({ min: 1, max: 5 })
  .chain((rank) =>
    fc.array(fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 9 }) }, fc.constantFrom(31, 32, 33, 70)), {
      minLength: rank,
      maxLength: rank,
    }),
  )
  .filter((dims) => count(dims) <= 60_000);
const gap = fc.constantFrom(0, 0, 1, 5);
const strided = (dims: readonly number[], between: number): Layout => ({ dims, rowStride: last(dims) + between });

describe("ops that move elements, between any strides", () => {
  test("permute", async () => {
    const permutation = shape.chain((dims) =>
      fc.tuple(fc.constant(dims), fc.shuffledSubarray([...dims.keys()], { minLength: dims.length, maxLength: dims.length }), gap, gap),
    );
    await fc.assert(
      fc.asyncProperty(permutation, async ([dims, order, before, after]) => {
        const outDims = order.map((axis) => dims[axis]!);
        const elements = await move({ op: "permute", ints: order }, [strided(dims, before)], strided(outDims, after));
        const expected = elements.map((_, i) => {
          const at = coordinates(outDims, i);
          const source = dims.map(() => 0);
          order.forEach((axis, k) => (source[axis] = at[k]!));
          return position(dims, source);
        });
        expect(elements).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test("slice", async () => {
    const cut = shape.chain((dims) =>
      fc.tuple(
        fc.constant(dims),
        fc.tuple(
          ...dims.map((size) =>
            fc.integer({ min: 0, max: size - 1 }).chain((start) => fc.tuple(fc.constant(start), fc.integer({ min: 1, max: size - start }))),
          ),
        ),
        gap,
        gap,
      ),
    );
    await fc.assert(
      fc.asyncProperty(cut, async ([dims, ranges, before, after]) => {
        const starts = ranges.map(([start]) => start);
        const outDims = ranges.map(([, size]) => size);
        const elements = await move({ op: "slice", ints: starts }, [strided(dims, before)], strided(outDims, after));
        expect(elements).toEqual(
          elements.map((_, i) =>
            position(
              dims,
              coordinates(outDims, i).map((at, axis) => at + starts[axis]!),
            ),
          ),
        );
      }),
      { numRuns: 200 },
    );
  });

  test("concat", async () => {
    const joined = shape.chain((dims) =>
      fc.tuple(
        fc.constant(dims),
        fc.nat({ max: dims.length - 1 }),
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
        gap,
        gap,
      ),
    );
    await fc.assert(
      fc.asyncProperty(joined, async ([dims, axis, sizes, before, after]) => {
        const parts = sizes.map((size) => dims.with(axis, size));
        const outDims = dims.with(
          axis,
          sizes.reduce((sum, size) => sum + size, 0),
        );
        const elements = await move(
          { op: "concat", ints: [axis] },
          parts.map((part) => strided(part, before)),
          strided(outDims, after),
        );
        const expected = elements.map((_, i) => {
          const at = coordinates(outDims, i);
          let base = 0;
          let part = 0;
          while (at[axis]! >= sizes[part]!) {
            at[axis]! -= sizes[part]!;
            base += count(parts[part]!);
            part++;
          }
          return base + position(parts[part]!, at);
        });
        expect(elements).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  test("copy, to another shape", async () => {
    await fc.assert(
      fc.asyncProperty(shape, shape, gap, gap, async (a, b, before, after) => {
        const [dims, outDims] = [
          [...a, count(b)],
          [count(a), ...b],
        ];
        if (count(dims) > 60_000) return;
        const elements = await move({ op: "copy" }, [strided(dims, before)], strided(outDims, after));
        expect(elements).toEqual(elements.map((_, i) => i));
      }),
      { numRuns: 100 },
    );
  });

  test.each(["f32", "f16", "bf16"] as const)("gather widens the rows of an %s table, wherever it lies in its file", async (dtype) => {
    // 1.5 and -2 in each type; the table is 7 wide, so that rows are neither aligned nor whole vectors.
    const stored = { f32: [1.5, -2], f16: [0x3e00, 0xc000], bf16: [0x3fc0, 0xc000] }[dtype];
    const values = Array.from({ length: 5 * 7 }, (_, i) => stored[i % 2]!);
    const table = native.memoryWeight(dtype === "f32" ? Float32Array.from(values) : Uint16Array.from(values), dtype, [5, 7]);
    const plan = native.loadPlan(
      writePlan({
        tensors: [
          { kind: "weight", dtype, dims: [5, 7] },
          { kind: "input", dtype: "i32", dims: [2, 2], rowStride: 3 },
          { kind: "output", dims: [2, 2, 7], rowStride: 9 },
        ],
        ops: [{ op: "gather", inputs: [0, 1], output: 2 }],
        weights: 1,
      }),
      [table],
    );
    const out = new Float32Array(4 * 9);
    const { current } = native.memory();
    await native.run(plan, [Int32Array.of(4, 0, 99, 1, 3)], [out], {});
    expect(native.memory().current).toBeLessThanOrEqual(current);
    [4, 0, 1, 3].forEach((id, row) => {
      expect([...out.subarray(row * 9, row * 9 + 7)]).toEqual(Array.from({ length: 7 }, (_, c) => ((id * 7 + c) % 2 === 0 ? 1.5 : -2)));
    });
  });
});
