import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { loadNative } from "./loadNative.js";
import type { NativePlan, NativeWeight } from "./native.js";
import { longPlan } from "./testing/longPlan.js";
import { writePlan, type TestOp, type TestTensor } from "./testing/writePlan.js";

const native = loadNative();
const { threads } = native.configuration();
const weights: NativeWeight[] = [];
afterEach(() => {
  native.configure({ threads });
  // Not left to the collector: a later test may be measuring memory when it comes.
  for (const weight of weights.splice(0)) native.disposeWeight(weight);
});

function memoryWeight(...data: Parameters<typeof native.memoryWeight>): NativeWeight {
  const weight = native.memoryWeight(...data);
  weights.push(weight);
  return weight;
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
const random = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898) * 0.5);

/** Runs `script`, which sees `native` and `longPlan`, in a process of its own: what it does wrong would end this one. */
function inProcess(script: string, ...flags: string[]): { status: number | null; signal: string | null; stdout: string } {
  const addon = process.env["PATCHBAY_ADDON"] ?? fileURLToPath(new URL("../build/patchbay.node", import.meta.url));
  const source = `
    const native = require(${JSON.stringify(addon)});
    const plan = native.loadPlan(Buffer.from(${JSON.stringify(Buffer.from(longPlan(1500, 200)).toString("base64"))}, "base64"), []);
    native.configure({ threads: 1 });
    const out = new Float32Array(12000);
    const run = (options) => native.run(plan, [new Float32Array(12000)], [out.fill(7)], options);
    const blockUntilEnd = () => {
      while (out.at(-1) === 7);
      for (const start = Date.now(); Date.now() - start < 30; );
    };
    (async () => { ${script} })();
  `;
  const { status, signal, stdout } = spawnSync(process.execPath, [...flags, "-e", source], { encoding: "utf8", timeout: 50_000 });
  return { status, signal, stdout };
}

describe("a run", () => {
  test("is cancelled in the middle of an op, and the weights packed for it stay whole", async () => {
    const dims = [1, 256, 256, 128];
    const values = random(128 * 128 * 9);
    const bytes = writePlan({
      tensors: [
        { kind: "input", dims },
        { kind: "weight", dims: [128, 128, 3, 3] },
        { kind: "output", dims },
      ],
      ops: [{ op: "conv2d", inputs: [0, 1], output: 2, ints: [0, 0, 1, 1, 1, 1, 1, 1, 0, 0] }],
      weights: 1,
    });
    const load = () => native.loadPlan(bytes, [memoryWeight(values, "f32", [128, 128, 3, 3])]);
    const x = random(256 * 256 * 128);
    const [expected, actual] = [new Float32Array(x.length), new Float32Array(x.length)];
    native.configure({ threads: 1 });
    const { milliseconds } = await native.run(load(), [x], [expected], {});

    const plan = load();
    const cancel = new Int32Array(new SharedArrayBuffer(4));
    const run = native.run(plan, [x], [actual], { cancel });
    await pause(milliseconds / 8);
    cancel[0] = 1;
    const raised = performance.now();
    await expect(run).rejects.toMatchObject({ code: "ENGINE_CANCELLED" });
    // The plan is one op: had it been waited for, most of it was left.
    expect(performance.now() - raised).toBeLessThan(milliseconds / 2);

    await native.run(plan, [x], [actual], {});
    expect(Buffer.compare(new Uint8Array(actual.buffer), new Uint8Array(expected.buffer))).toBe(0);
  });

  test("that is cancelled before it starts computes nothing", async () => {
    const out = new Float32Array(32).fill(7);
    const plan = native.loadPlan(longPlan(4, 3), []);
    await expect(native.run(plan, [new Float32Array(32)], [out], { cancel: Int32Array.of(1) })).rejects.toMatchObject({
      code: "ENGINE_CANCELLED",
    });
    expect(out.every((value) => value === 7)).toBe(true);
  });

  test("tells its progress in ops, growing, at most every 50 ms", async () => {
    native.configure({ threads: 1 });
    const calls: [number, number][] = [];
    const plan = native.loadPlan(longPlan(1500, 300), []);
    const x = random(12000);
    const { milliseconds } = await native.run(plan, [x], [new Float32Array(12000)], { progress: (...call) => calls.push(call) });
    expect(milliseconds).toBeGreaterThan(50);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.length).toBeLessThanOrEqual(milliseconds / 50 + 1);
    expect(calls.every(([done, total], i) => total === 300 && done <= 300 && done > (calls[i - 1]?.[0] ?? 0))).toBe(true);
  });

  test("may end while the event loop is busy and its progress is still to be told", () => {
    const script = `
      let told = 0;
      for (let i = 0; i < 3; i++) {
        const ran = run({ progress() { told++; } });
        blockUntilEnd();
        await ran;
        Array.from({ length: 1000 }, () => Buffer.alloc(300));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      console.log(told);
    `;
    expect(inProcess(script)).toEqual({ status: 0, signal: null, stdout: "3\n" });
  });

  test("goes on when its progress callback throws, which surfaces as uncaught", () => {
    const script = `
      let thrown = 0;
      process.on("uncaughtException", (error) => { thrown += error.message === "from progress"; });
      const ran = run({ progress() { throw new Error("from progress"); } });
      blockUntilEnd();
      await ran;
      console.log(thrown > 0);
    `;
    expect(inProcess(script)).toEqual({ status: 0, signal: null, stdout: "true\n" });
  });

  test("keeps its buffers alive when the caller lets go of them", () => {
    const script = `
      const lists = [[new Float32Array(12000)], [new Float32Array(12000)]];
      const references = lists.map(([buffer]) => new WeakRef(buffer.buffer));
      let ended = false;
      const ran = native.run(plan, lists[0], lists[1], {}).then(() => { ended = true; });
      for (const list of lists) list.length = 0;
      let looks = 0;
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        gc();
        const gone = references.some((reference) => !reference.deref());
        await new Promise((resolve) => setImmediate(resolve));
        if (ended) break;
        if (gone) return console.log("collected");
        looks++;
      }
      console.log(looks > 0);
    `;
    expect(inProcess(script, "--expose-gc")).toEqual({ status: 0, signal: null, stdout: "true\n" });
  });

  test("a gather whose ids lie where it writes reads none outside its table", () => {
    const script = `
      const plan = native.loadPlan(Buffer.from(${JSON.stringify(Buffer.from(gatherInto(4096)).toString("base64"))}, "base64"),
        [native.memoryWeight(new Float32Array(8).fill(1e9), "f32", [8, 1])]);
      const both = new Int32Array(4097);
      await native.run(plan, [both], [both], {});
      console.log("done");
    `;
    expect(inProcess(script)).toEqual({ status: 0, signal: null, stdout: "done\n" });
  });

  test("with an id outside the table is refused with the id", async () => {
    const table = memoryWeight(new Float32Array(8), "f32", [8, 1]);
    const plan = native.loadPlan(gatherInto(3), [table]);
    for (const id of [8, -1, 2 ** 31 - 1]) {
      await expect(native.run(plan, [Int32Array.of(0, id, 1)], [new Float32Array(4)], {})).rejects.toMatchObject({
        code: "ENGINE_BOUNDS",
        message: `could not gather row ${id}: the table has rows 0..7`,
      });
    }
  });

  test("that would pass the memory limit is refused before it computes, and takes what was forecast", async () => {
    const dims = [1, 4096, 64];
    const bytes = writePlan({
      tensors: [
        { kind: "input", dims },
        { kind: "weight", dims: [64, 64] },
        { kind: "arena", dims },
        { kind: "output", dims },
      ],
      ops: [
        { op: "linear", inputs: [0, 1], output: 2, ints: [0, 0, 0] },
        { op: "attention", inputs: [2, 2, 2], output: 3, ints: [1, 0], floats: [0.1] },
      ],
      weights: 1,
      arenaBytes: 4096 * 64 * 4,
    });
    const plan = native.loadPlan(bytes, [memoryWeight(random(4096), "f32", [64, 64])]);
    // Frees what an earlier plan keeps.
    await native.run(native.loadPlan(longPlan(1, 1), []), [new Float32Array(8)], [new Float32Array(8)], {});
    const { arena, workspace, packedWeights } = native.planMemory(plan);
    const forecast = arena + workspace + packedWeights;
    const out = new Float32Array(4096 * 64).fill(7);
    const { current } = native.memory();
    const limited = (memoryLimit: number) => native.run(plan, [random(4096 * 64)], [out], { memoryLimit });
    await expect(limited(Math.floor(forecast / 2))).rejects.toMatchObject({ code: "ENGINE_MEMORY" });
    expect(out.every((value) => value === 7)).toBe(true);
    native.resetPeak();
    await limited(current + forecast);
    const took = native.memory().peak - current;
    expect(took / forecast).toBeGreaterThan(0.9);
    expect(took / forecast).toBeLessThan(1.1);
  });

  test("keeps to a memory limit by freeing packed weights: those of other plans first, then its own, to be packed again", async () => {
    // `layers` products after another, each with 1 MB of weights.
    const chain = (layers: number) => {
      const tensors: TestTensor[] = [{ kind: "input", dims: [8, 512] }];
      const ops: TestOp[] = [];
      for (let i = 0; i < layers; i++) {
        const kind = i + 1 === layers ? "output" : "arena";
        tensors.push(
          { kind: "weight", slot: i, dims: [512, 512] },
          { kind, dims: [8, 512], offset: kind === "arena" ? (i % 2) * 16384 : 0 },
        );
        ops.push({ op: "linear", inputs: [i * 2, 2 * i + 1], output: 2 * i + 2, ints: [0, 0, 0] });
      }
      const weights = tensors.filter(({ kind }) => kind === "weight").map(({ dims }) => memoryWeight(random(512 * 512), "f32", dims));
      return native.loadPlan(writePlan({ tensors, ops, weights: layers, arenaBytes: 32768 }), weights);
    };
    const x = random(8 * 512).map((value) => value / 20);
    const [other, plan] = [chain(3), chain(6)];
    const run = async (which: NativePlan, memoryLimit?: number): Promise<Uint8Array> => {
      const out = new Float32Array(8 * 512);
      native.resetPeak();
      const { current } = native.memory();
      await native.run(which, [x], [out], memoryLimit === undefined ? {} : { memoryLimit });
      if (memoryLimit !== undefined) {
        expect(native.memory().peak).toBeLessThanOrEqual(Math.max(memoryLimit, current));
        expect(native.memory().current).toBeLessThanOrEqual(memoryLimit);
      }
      return new Uint8Array(out.buffer);
    };
    const expected = [await run(other), await run(plan)];
    const { packedWeights } = native.planMemory(plan);
    const all = native.memory().current;
    const MB = 2 ** 20;
    expect(packedWeights).toBe(6 * MB);

    // Room for this plan's weights but not for all of the other's.
    expect(await run(plan, all - MB)).toEqual(expected[1]);
    expect(await run(plan, all - 3 * MB)).toEqual(expected[1]);
    // For half of them; twice, as the second run finds some packed.
    for (let i = 0; i < 2; i++) expect(await run(plan, all - 6 * MB)).toEqual(expected[1]);
    // For one at a time, and for none.
    expect(await run(plan, all - 8 * MB)).toEqual(expected[1]);
    await expect(run(plan, all - 9 * MB)).rejects.toMatchObject({ code: "ENGINE_MEMORY" });
    expect([await run(other), await run(plan)]).toEqual(expected);
  });

  test("gives the same bytes with any number of threads", async () => {
    const dims = [1, 33, 31, 40];
    const rows = [1, 33 * 31, 40];
    const bytes = writePlan({
      tensors: [
        { kind: "input", dims },
        { kind: "weight", dims: [40, 40, 3, 3] },
        { kind: "weight", slot: 1, dims: [40] },
        { kind: "arena", dims },
        { kind: "arena", dims, offset: 1 << 18 },
        { kind: "arena", dims: rows, offset: 1 << 18 },
        { kind: "output", dims: rows },
      ],
      ops: [
        { op: "conv2d", inputs: [0, 1], output: 3, ints: [0, 1, 1, 1, 1, 1, 1, 1, 0, 0] },
        { op: "groupNorm", inputs: [3, 2, 2], output: 4, ints: [0, 8, 1], floats: [1e-5] },
        { op: "attention", inputs: [5, 5, 5], output: 6, ints: [4, 0], floats: [0.3] },
      ],
      weights: 2,
      arenaBytes: 1 << 19,
    });
    const made = [memoryWeight(random(40 * 40 * 9), "f32", [40, 40, 3, 3]), memoryWeight(random(40), "f32", [40])];
    const plan = native.loadPlan(bytes, made);
    const x = random(33 * 31 * 40);
    const results: Buffer[] = [];
    for (const count of [1, 2, 3, 7]) {
      native.configure({ threads: count });
      const out = new Float32Array(x.length);
      await native.run(plan, [x], [out], {});
      results.push(Buffer.from(out.buffer));
    }
    expect(results[0]!.some((byte) => byte !== 0)).toBe(true);
    for (const result of results) expect(result.equals(results[0]!)).toBe(true);
  });
});

/** table[8, 1] at ids[count], written one element into the output. */
function gatherInto(count: number): Uint8Array {
  return writePlan({
    tensors: [
      { kind: "weight", dims: [8, 1] },
      { kind: "input", dtype: "i32", dims: [count] },
      { kind: "output", dims: [count, 1], offset: 4 },
    ],
    ops: [{ op: "gather", inputs: [0, 1], output: 2 }],
    weights: 1,
  });
}
