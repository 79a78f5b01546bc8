import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Prompt } from "@patchbay/graph";
import { configureEngine, defineNode, engineArithmetic, type Node } from "@patchbay/nodes";
import { workerEventSchema, type Precision, type RunRequest, type WorkerEvent } from "@patchbay/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Worker } from "./worker.js";
import type { RunOutcome } from "./runOutcome.js";

/** Inputs of test nodes take any number. */
const number = {
  type: "INT",
  options: {},
  read: (value: unknown) => Number(value),
};

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "patchbay-run-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** Nodes that keep a diary. */
function testNodes(diary: string[]): Map<string, Node> {
  const nodes: Node[] = [
    defineNode({
      type: "Number",
      displayName: "Number",
      category: "test",
      description: "",
      inputs: { value: number },
      outputs: { INT: "INT" },
      run({ value }) {
        diary.push(`Number ${value}`);
        return { INT: value };
      },
    }),
    defineNode({
      type: "CountTo",
      displayName: "Count To",
      category: "test",
      description: "",
      inputs: { value: number },
      outputs: { LIST: "INT[]", INT: "INT" },
      run: ({ value }) => ({ LIST: Array.from({ length: value }, (_, i) => i + 1), INT: value }),
    }),
    defineNode({
      type: "Add",
      displayName: "Add",
      category: "test",
      description: "",
      inputs: { a: number, b: number },
      outputs: { INT: "INT" },
      run({ a, b }, context) {
        diary.push(`Add ${a} ${b}`);
        context.progress(1, 1);
        return { INT: a + b };
      },
    }),
    defineNode({
      type: "Fail",
      displayName: "Fail",
      category: "test",
      description: "",
      inputs: { a: number },
      outputs: { INT: "INT" },
      run() {
        throw new Error("as told");
      },
    }),
    defineNode({
      type: "Wait",
      displayName: "Wait",
      category: "test",
      description: "",
      inputs: { a: number },
      outputs: { INT: "INT" },
      run: async (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        }),
    }),
    defineNode({
      type: "Show",
      displayName: "Show",
      category: "test",
      description: "",
      inputs: { a: number },
      outputs: { INT: "INT" },
      isOutputNode: true,
      run({ a }, context) {
        diary.push(`Show ${a}`);
        const path = join(folder, String(a));
        writeFileSync(path, String(a));
        const content = Buffer.from(String(a));
        context.saved({ kind: "images", filename: String(a), subfolder: "", type: "output", path, bytes: content.length }, content);
        return { INT: a };
      },
    }),
  ];
  return new Map(nodes.map((node) => [node.type, node]));
}

const node = (class_type: string, inputs: Prompt[string]["inputs"]): Prompt[string] => ({ class_type, inputs });

function setUp(options: { readonly memory?: number } = {}) {
  const diary: string[] = [];
  const worker = new Worker(
    { inputDir: "none", outputDir: "none", tempDir: "none", models: new Map() },
    { nodes: testNodes(diary), ...options },
  );
  const events: WorkerEvent[] = [];
  const run = async (
    prompt: Prompt,
    signal?: AbortSignal,
    targets: string[] | null = null,
    precision: Precision = "exact",
  ): Promise<RunOutcome> => {
    diary.length = 0;
    events.length = 0;
    const request: RunRequest = { type: "run", run: "r", prompt, workflow: null, targets, metadata: true, memoryLimit: null, precision };
    return worker.run(request, { onEvent: (event) => void events.push(workerEventSchema.parse(event)), ...(signal && { signal }) });
  };
  return { worker, diary, events, run };
}

const sum: Prompt = {
  "1": node("Number", { value: 2 }),
  "2": node("Number", { value: 3 }),
  "3": node("Add", { a: ["1", 0], b: ["2", 0] }),
  "4": node("Show", { a: ["3", 0] }),
};

describe("executeRun", () => {
  it("walks the graph and tells of it", async () => {
    const { run, diary, events } = setUp();
    const outcome = await run(sum);
    expect(outcome).toMatchObject({ status: "done", files: { "4": [{ filename: "5" }] } });
    expect(diary).toEqual(["Number 2", "Number 3", "Add 2 3", "Show 5"]);
    expect(events.map(({ type }) => type)).toEqual([
      "started",
      "nodeStarted",
      "nodeFinished",
      "nodeStarted",
      "nodeFinished",
      "nodeStarted",
      "progress",
      "nodeFinished",
      "nodeStarted",
      "nodeFinished",
      "result",
    ]);
  });

  it("tells of nodes whose results are known without starting them", async () => {
    const { run, events } = setUp();
    await run(sum);
    await run(sum);
    expect(events.map(({ type }) => type)).toEqual(["started", ...Array<string>(4).fill("nodeFinished"), "result"]);
  });

  it("runs again only what a change reaches, and knows the files of what it doesn't run", async () => {
    const { run, diary, events } = setUp();
    await run(sum);
    await run({ ...sum, "2": node("Number", { value: 4 }) });
    expect(diary).toEqual(["Number 4", "Add 2 4", "Show 6"]);
    await run(structuredClone({ ...sum, "2": node("Number", { value: 4 }) }));
    expect(diary).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: "result", files: { "4": [{ filename: "6" }] } });
    expect(events.filter((event) => event.type === "nodeFinished").every(({ cached }) => cached)).toBe(true);
  });

  it("keeps the results of nodes that were done when a run failed", async () => {
    const { run, diary } = setUp();
    const failing: Prompt = { ...sum, "5": node("Fail", { a: ["3", 0] }), "6": node("Show", { a: ["5", 0] }) };
    expect(await run(failing)).toMatchObject({
      status: "failed",
      error: { code: "NODE_FAILED", message: "as told", node: "5", nodeType: "Fail" },
    });
    await run(sum);
    expect(diary).toEqual([]);
  });

  it("keeps the results of several runs", async () => {
    const { run, diary } = setUp();
    await run(sum);
    for (let a = 1; a < 5; a++) await run({ "9": node("Show", { a }) });
    await run(sum);
    expect(diary).toEqual([]);
  });

  it("forgets the oldest when the bound is reached, and runs again what is needed of it", async () => {
    const { run, diary, events, worker } = setUp({ memory: 3 * 4 * 1024 });
    await run(sum);
    await run({ "9": node("Show", { a: 1 }) });
    expect(worker.kept.results).toBe(3);
    await run(sum);
    // The last two of four results were there still: nothing asks for the others.
    expect(diary).toEqual([]);
    expect(events.filter(({ type }) => type === "nodeFinished")).toHaveLength(4);
    await run({ ...sum, "5": node("Add", { a: ["1", 0], b: 1 }), "6": node("Show", { a: ["5", 0] }) });
    expect(diary).toEqual(["Number 2", "Add 2 1", "Show 3"]);
  });

  it("runs nodes of equal inputs once", async () => {
    const { run, diary, events } = setUp();
    await run({ ...sum, "5": node("Add", { a: ["1", 0], b: ["2", 0] }), "6": node("Show", { a: ["5", 0] }) });
    expect(diary).toEqual(["Number 2", "Number 3", "Add 2 3", "Show 5"]);
    expect(events.filter((event) => event.type === "nodeFinished" && event.cached)).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ files: { "4": [{ filename: "5" }], "6": [{ filename: "5" }] } });
  });

  it("writes files again that are gone", async () => {
    const { run, diary } = setUp();
    await run(sum);
    rmSync(join(folder, "5"));
    await run(sum);
    expect(diary).toEqual(["Show 5"]);
    await run(sum);
    expect(diary).toEqual([]);
  });

  it("says what the engine computes with, and keeps the results of each precision apart", async () => {
    const { run, diary, events } = setUp();
    const { isa } = engineArithmetic();
    for (const precision of ["exact", "small"] as const) {
      const outcome = await run(sum, undefined, null, precision);
      expect(diary).toHaveLength(4);
      expect(events[0]).toMatchObject({ type: "started", arithmetic: { precision, isa } });
      expect(outcome).toMatchObject({ status: "done", arithmetic: { precision, isa } });
    }
    await run(sum, undefined, null, "exact");
    expect(diary).toEqual([]);
    expect(engineArithmetic().precision).toBe("exact");
  });

  it("says that it is exact where the machine has nothing faster, and takes exact results then", async () => {
    const { run, diary, events } = setUp();
    const { isa } = engineArithmetic();
    configureEngine({ isa: "generic" });
    try {
      await run(sum);
      await run(sum, undefined, null, "fast");
      expect(events[0]).toMatchObject({ type: "started", arithmetic: { precision: "exact", isa: "generic" } });
      expect(diary).toEqual([]);
    } finally {
      configureEngine({ isa });
    }
  });

  it("runs only the targets", async () => {
    const { run, diary } = setUp();
    await run({ ...sum, "9": node("Show", { a: 1 }) }, undefined, ["9"]);
    expect(diary).toEqual(["Show 1"]);
  });

  it("runs a node once for each item of a list, shorter lists repeating their last", async () => {
    const { run, diary } = setUp();
    const outcome = await run({
      "1": node("CountTo", { value: 3 }),
      "2": node("CountTo", { value: 2 }),
      "3": node("Add", { a: ["1", 0], b: ["2", 0] }),
      "4": node("Show", { a: ["3", 0] }),
      "5": node("Show", { a: ["1", 1] }),
    });
    expect(diary.filter((line) => line.startsWith("Add"))).toEqual(["Add 1 1", "Add 2 2", "Add 3 2"]);
    expect(outcome).toMatchObject({ files: { "4": [{ filename: "2" }, { filename: "4" }, { filename: "5" }], "5": [{ filename: "3" }] } });
  });

  it("runs nothing on an empty list", async () => {
    const { run, diary } = setUp();
    expect(await run({ "1": node("CountTo", { value: 0 }), "2": node("Show", { a: ["1", 0] }) })).toMatchObject({
      status: "done",
      files: {},
    });
    expect(diary).toEqual([]);
  });

  it("stops when cancelled, within a node and before one", async () => {
    const { run, events } = setUp();
    const controller = new AbortController();
    const waiting = run({ "1": node("Wait", { a: 1 }), "2": node("Show", { a: ["1", 0] }) }, controller.signal);
    setTimeout(() => controller.abort(), 20);
    expect(await waiting).toEqual({ status: "cancelled" });
    expect(events.at(-1)).toEqual({ type: "cancelled", run: "r" });
    expect(await run(sum, AbortSignal.abort())).toEqual({ status: "cancelled" });
  });

  it("unwraps literal lists and leaves undeclared inputs out", async () => {
    const { run, diary } = setUp();
    await run({ "1": node("Show", { a: { __value__: [7] }, other: "x" }) });
    expect(diary).toEqual(["Show 7"]);
  });

  it("names the input that nothing came to", async () => {
    const { run } = setUp();
    expect(await run({ "1": node("Show", {}) })).toMatchObject({ status: "failed", error: { code: "NODE_INPUT_MISSING", node: "1" } });
  });

  it("survives nodes with the names of what every object has", async () => {
    const { run } = setUp();
    const prompt = JSON.parse(
      '{"__proto__": {"class_type": "Number", "inputs": {"value": 1}}, "constructor": {"class_type": "Show", "inputs": {"a": ["__proto__", 0]}}}',
    ) as Prompt;
    expect(await run(prompt)).toMatchObject({ status: "done" });
  });
});
