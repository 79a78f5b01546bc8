import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { WorkerState } from "@patchbay/protocol";
import { scriptedWorker } from "../testing/testServer.js";
import { forkTransport } from "./forkTransport.js";
import { WorkerHandle } from "./workerHandle.js";

let folder: string;
let handle: WorkerHandle;
let states: { readonly state: WorkerState; readonly at: number }[];
let lost: string[];
let log: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "patchbay-worker-"));
  [states, lost, log] = [[], [], []];
});
afterEach(async () => {
  await handle.close();
  await rm(folder, { recursive: true, force: true });
});

function start(entry: string): void {
  const settings = { inputDir: folder, outputDir: folder, tempDir: folder, blobDir: folder, modelRoots: [] };
  handle = new WorkerHandle({
    start: (listener) => forkTransport(entry, settings, listener),
    log: (line) => void log.push(line),
    onState: (state) => void states.push({ state, at: performance.now() }),
    onCatalog: () => undefined,
    onEvents: () => undefined,
    onRunLost: (run, reason) => void lost.push(`${run}: ${reason}`),
  });
  handle.start();
}

async function until(condition: () => boolean): Promise<void> {
  for (const begin = performance.now(); !condition();) {
    if (performance.now() - begin > 15_000) throw new Error(`Not so after 15 s: ${JSON.stringify(states)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const request = (run: string, ms: number) => ({
  type: "run" as const,
  run,
  prompt: { 1: { class_type: "Wait", inputs: { ms } } },
  workflow: null,
  targets: null,
  metadata: true,
  memoryLimit: null,
  precision: "exact" as const,
});

it("a worker gets ready, works, and is idle again", async () => {
  start(scriptedWorker);
  expect(() => handle.run(request("early", 1))).toThrow("starting");
  await until(() => handle.state === "idle");
  expect(Object.keys(handle.interfaces!)).toContain("Wait");
  handle.run(request("a", 30));
  expect(handle.state).toBe("busy");
  expect(() => handle.run(request("b", 1))).toThrow("busy");
  await until(() => handle.state === "idle");
  expect(states.map(({ state }) => state)).toEqual(["starting", "idle", "busy", "idle"]);
  expect(lost).toEqual([]);
});

it("one that is asked to look while it starts answers once it has looked, and at once where it can't", async () => {
  start(scriptedWorker);
  expect(handle.state).toBe("starting");
  await handle.refresh();
  expect(handle.state).toBe("idle");
  await handle.close();
  await handle.refresh();
});

it("one that is killed says which run is lost, and comes back knowing the nodes meanwhile", async () => {
  start(scriptedWorker);
  await until(() => handle.state === "idle");
  handle.run(request("a", 60_000));
  process.kill(handle.pid!, "SIGKILL");
  await until(() => handle.state === "down");
  expect(lost).toEqual(["a: its process was ended by SIGKILL"]);
  expect(handle.interfaces).toBeDefined();
  expect(await handle.check({})).toBeUndefined();
  await until(() => handle.state === "idle");
});

it("one that can't live is started again after longer and longer pauses, and its words are in the log", async () => {
  start(join(folder, "missing.mjs"));
  await until(() => states.filter(({ state }) => state === "down").length === 4);
  const pauses = states.flatMap(({ state, at }, i) => (state === "starting" && i > 0 ? [at - states[i - 1]!.at] : []));
  // A timer may be late, and hardly early.
  for (const [i, least] of [100, 200, 400].entries()) expect(pauses[i]).toBeGreaterThan(least - 5);
  expect(log.join("\n")).toContain("missing.mjs");
  await handle.close();
  const count = states.length;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(states.length).toBe(count);
});

it("one that is closed while it works ends at once, and stays away", async () => {
  start(scriptedWorker);
  await until(() => handle.state === "idle");
  handle.run(request("a", 60_000));
  const begin = performance.now();
  await handle.close();
  expect(performance.now() - begin).toBeLessThan(2000);
  expect(handle.state).toBe("down");
  expect(handle.pid).toBeUndefined();
});
