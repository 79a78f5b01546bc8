import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Prompt } from "@patchbay/graph";
import { engineMemory } from "@patchbay/nodes";
import type { WorkerEvent } from "@patchbay/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gatherFolders } from "./modelFolders.js";
import { Worker } from "./worker.js";

const starter = fileURLToPath(new URL("../../../../models/starter/starter.safetensors", import.meta.url));

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "patchbay-kept-"));
  mkdirSync(join(root, "models", "checkpoints"), { recursive: true });
  for (const name of ["a", "b"]) symlinkSync(starter, join(root, "models", "checkpoints", `${name}.safetensors`));
});
afterAll(() => rmSync(root, { recursive: true }));

async function open(memory?: number): Promise<Worker> {
  const folders = { inputDir: root, outputDir: root, tempDir: root, models: await gatherFolders([join(root, "models")]) };
  return new Worker(folders, { memory });
}

/** The smallest run of all parts of a model. */
function prompt({ checkpoint = "a", seed = 1, layer = -1, width = 64 }): Prompt {
  const node = (class_type: string, inputs: Prompt[string]["inputs"]): Prompt[string] => ({ class_type, inputs });
  const links: Prompt[string]["inputs"] = { model: ["1", 0], positive: ["3", 0], negative: ["3", 0], latent_image: ["4", 0] };
  return {
    "1": node("CheckpointLoaderSimple", { ckpt_name: `${checkpoint}.safetensors` }),
    "2": node("CLIPSetLastLayer", { clip: ["1", 1], stop_at_clip_layer: layer }),
    "3": node("CLIPTextEncode", { clip: ["2", 0], text: "a house" }),
    "4": node("EmptyLatentImage", { width, height: 64, batch_size: 1 }),
    "5": node("KSampler", { ...links, seed, steps: 1, cfg: 1, sampler_name: "euler", scheduler: "normal", denoise: 1 }),
    "6": node("VAEDecode", { samples: ["5", 0], vae: ["1", 2] }),
    "7": node("PreviewImage", { images: ["6", 0] }),
  };
}

/** Runs a prompt; gives the nodes that were started. */
async function run(worker: Worker, graph: Prompt, memoryLimit: number | null = null): Promise<string[]> {
  const ran: string[] = [];
  const onEvent = (event: WorkerEvent): void => void (event.type === "nodeStarted" && ran.push(event.node));
  const options = { workflow: null, targets: null, metadata: false, memoryLimit, precision: "exact" } as const;
  const request = { type: "run", run: "r", prompt: graph, ...options } as const;
  const outcome = await worker.run(request, { onEvent });
  expect(outcome).toMatchObject({ status: "done" });
  return ran;
}

describe("models between runs", () => {
  it("stay over 50 changed runs, and nothing piles up", async () => {
    const worker = await open();
    await run(worker, prompt({ seed: 0 }));
    const { parts } = worker.kept;
    const held = engineMemory().current;
    for (let seed = 1; seed < 50; seed++) expect(await run(worker, prompt({ seed }))).toEqual(["5", "6", "7"]);
    expect(worker.kept.parts).toBe(parts);
    expect(engineMemory().current).toBeLessThan(held * 1.05);
  });

  it("make switching between two models free", async () => {
    const worker = await open();
    await run(worker, prompt({ checkpoint: "a" }));
    await run(worker, prompt({ checkpoint: "b" }));
    expect(await run(worker, prompt({ checkpoint: "a" }))).toEqual([]);
    expect(await run(worker, prompt({ checkpoint: "b", seed: 2 }))).toEqual(["5", "6", "7"]);
    expect(await run(worker, prompt({ checkpoint: "b", layer: -2 }))).toEqual(["2", "3", "5", "6", "7"]);
  });

  it("are disposed of when others need their room, with all that the engine held for them", async () => {
    const before = engineMemory().current;
    const roomy = await open(2 ** 30);
    await run(roomy, prompt({}));
    const [one, held] = [roomy.kept, engineMemory().current - before];
    expect(held).toBeGreaterThan(1e6);
    // Room for one model and a half.
    const worker = await open(one.bytes * 1.5);
    for (const checkpoint of ["a", "b", "a", "b"]) await run(worker, prompt({ checkpoint }));
    expect(worker.kept.bytes).toBeLessThanOrEqual(one.bytes * 1.5);
    expect(worker.kept.parts).toBeLessThan(one.parts * 2);
    expect(engineMemory().current - before - held).toBeLessThan(held * 1.6);
    const none = await open(0);
    await run(none, prompt({}));
    expect(none.kept).toEqual({ results: 0, parts: 0, bytes: 0 });
  });

  it("make room for a run that would fail for memory", async () => {
    const worker = await open();
    await run(worker, prompt({ checkpoint: "a" }));
    // Enough for one model beside what the process holds, not for two.
    await run(worker, prompt({ checkpoint: "b" }), process.memoryUsage.rss() + 2 ** 20);
    expect(await run(worker, prompt({ checkpoint: "b" }))).toEqual([]);
  });
});
