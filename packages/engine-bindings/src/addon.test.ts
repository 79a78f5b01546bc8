import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadNative } from "./loadNative.js";
import type { NativeFile, NativePlan, NativeWeight } from "./native.js";
import { longPlan } from "./testing/longPlan.js";
import { writePlan } from "./testing/writePlan.js";

const native = loadNative();
const addonPath = process.env["PATCHBAY_ADDON"] ?? fileURLToPath(new URL("../build/patchbay.node", import.meta.url));
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "patchbay-addon-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("the addon", () => {
  test("knows this machine's instruction sets and refuses others", () => {
    expect(native.availableIsas.at(-1)).toBe("generic");
    expect(() => native.configure({ isa: "sse9" })).toThrow(/could not use the instruction set "sse9": this machine has .*generic/);
    expect(() => native.configure({ threads: 0 })).toThrow("must be an integer in 1..256");
    expect(() => native.configure({ threads: 2.5 })).toThrow("must be an integer in 1..256");
  });

  test("a handle of another kind, or none, is an error with a code", () => {
    const wrong = native.memoryWeight(new Float32Array(4), "f32", [4]);
    const calls = [
      () => native.planMemory(wrong as unknown as NativePlan),
      () => native.readWeight({} as unknown as NativeWeight),
      () => native.readWeight(undefined as unknown as NativeWeight),
      () => native.fileWeight(wrong as unknown as NativeFile, 0n, "f32", [1]),
      () => native.loadPlan(new Uint8Array(4).subarray(1), [null as unknown as NativeWeight]),
      () => native.memoryWeight("text" as unknown as Float32Array, "f32", [1]),
    ];
    for (const call of calls) expect(call).toThrowError(expect.objectContaining({ name: "EngineError", code: "ENGINE_ARGUMENT" }));
  });

  test("a weight must lie inside its file", () => {
    const path = join(folder, "weights");
    writeFileSync(path, new Uint8Array(Float32Array.of(1, 2, 3, 4, 5).buffer));
    const file = native.openFile(path);
    expect([...native.readWeight(native.fileWeight(file, 4n, "f32", [2, 2]))]).toEqual([2, 3, 4, 5]);
    expect([...native.readWeight(native.fileWeight(file, 20n, "f32", [0]))]).toEqual([]);
    for (const [offset, shape] of [
      [8n, [2, 2]],
      [21n, [0]],
      [2n ** 64n - 4n, [2, 2]],
      [0n, [2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1]],
      [2n ** 64n, [1]],
    ] as const) {
      expect(() => native.fileWeight(file, offset, "f32", shape)).toThrowError(expect.objectContaining({ code: "ENGINE_BOUNDS" }));
    }
    expect(() => native.openFile(join(folder, "none"))).toThrowError(expect.objectContaining({ code: "ENGINE_FILE" }));
    expect(() => native.openFile(folder)).toThrowError(expect.objectContaining({ code: "ENGINE_FILE" }));
    expect(() => native.memoryWeight(new Float32Array(3), "f16", [3])).toThrowError(expect.objectContaining({ code: "ENGINE_BOUNDS" }));
  });

  test("a weight is packed once, counted, and freed", async () => {
    const { current } = native.memory();
    const weight = native.memoryWeight(new Float32Array(96 * 64), "f32", [96, 64]);
    expect(native.memory().current - current).toBe(96 * 64 * 4);
    const bytes = writePlan({
      tensors: [
        { kind: "input", dims: [3, 64] },
        { kind: "weight", dims: [96, 64] },
        { kind: "output", dims: [3, 96] },
      ],
      ops: [{ op: "linear", inputs: [0, 1], output: 2, ints: [0, 0, 0] }],
      weights: 1,
    });
    const [first, second] = [native.loadPlan(bytes, [weight]), native.loadPlan(bytes, [weight])];
    const { packedWeights } = native.planMemory(first);
    for (const plan of [first, second]) {
      await native.run(plan, [new Float32Array(192)], [new Float32Array(288)], {});
      native.disposePlan(plan);
    }
    native.disposeWeight(weight);
    // A run after them: what was posted before it has been done when it ends.
    await expect(native.run(second, [new Float32Array(192)], [new Float32Array(288)], {})).rejects.toMatchObject({
      code: "ENGINE_DISPOSED",
    });
    expect(packedWeights).toBe(96 * 64 * 4);
    native.disposePlan(second);
    await native.run(native.loadPlan(longPlan(1, 1), []), [new Float32Array(8)], [new Float32Array(8)], {});
    expect(native.memory().current - current).toBeLessThan(96 * 64 * 4);
    expect(() => native.readWeight(weight)).toThrowError(expect.objectContaining({ code: "ENGINE_DISPOSED" }));
  });

  test("a weight that was disposed of is refused at once, while the engine's thread is still freeing it", () => {
    const disposed = expect.objectContaining({ code: "ENGINE_DISPOSED" });
    const bytes = writePlan({
      tensors: [
        { kind: "weight", dims: [1 << 20] },
        { kind: "output", dims: [1 << 20] },
      ],
      ops: [{ op: "unary", inputs: [0], output: 1, ints: [9] }],
      weights: 1,
      inputs: 0,
    });
    for (let i = 0; i < 20; i++) {
      const weight = native.memoryWeight(new Float32Array(1 << 20), "f32", [1 << 20]);
      native.disposeWeight(weight);
      native.disposeWeight(weight);
      expect(() => native.readWeight(weight)).toThrowError(disposed);
      expect(() => native.loadPlan(bytes, [weight])).toThrowError(disposed);
    }
  });

  test("wrong buffers are refused before anything runs", () => {
    const plan = native.loadPlan(longPlan(4, 1), []);
    const code = expect.objectContaining({ code: "ENGINE_INPUT" });
    expect(() => native.run(plan, [new Float32Array(31)], [new Float32Array(32)], {})).toThrowError(code);
    expect(() => native.run(plan, [], [new Float32Array(32)], {})).toThrowError(code);
    expect(() => native.run(plan, [new Uint8Array(129).subarray(1)], [new Float32Array(32)], {})).toThrowError(code);
    expect(() => native.run(plan, [new Float32Array(32)], [new Float32Array(32)], { cancel: new Int32Array(2) })).toThrowError(
      expect.objectContaining({ code: "ENGINE_ARGUMENT" }),
    );
  });

  test("ends cleanly when the process exits, or a worker is terminated, in the middle of a run", async () => {
    const script = `
      const native = require(${JSON.stringify(addonPath)});
      const plan = native.loadPlan(Buffer.from(${JSON.stringify(Buffer.from(longPlan(4000, 2000)).toString("base64"))}, "base64"), []);
      const buffers = [new Float32Array(32000), new Float32Array(32000)];
      native.run(plan, [buffers[0]], [buffers[1]], { progress: () => { if (require("worker_threads").isMainThread) process.exit(7); } });
    `;
    const child = spawnSync(process.execPath, ["-e", script], { timeout: 30_000 });
    expect({ status: child.status, signal: child.signal }).toEqual({ status: 7, signal: null });

    const worker = new Worker(script, { eval: true });
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    await worker.terminate();
    const out = new Float32Array(8);
    await native.run(native.loadPlan(longPlan(1, 1), []), [Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8)], [out], {});
    expect([...out]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
