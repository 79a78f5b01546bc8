import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Catalog } from "@patchbay/graph";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CatalogWatch } from "./catalogWatch.js";
import { gatherFolders } from "./modelFolders.js";
import { Worker } from "./worker.js";

let root: string;
let watch: CatalogWatch;
let catalogs: Catalog[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "patchbay-watch-"));
  for (const name of ["models/checkpoints", "models/loras", "input"]) mkdirSync(join(root, name), { recursive: true });
  catalogs = [];
});
afterEach(() => {
  watch.stop();
  rmSync(root, { recursive: true });
});

/** A watch whose rescan comes too late to help, unless told otherwise. */
async function open(rescan = 60_000): Promise<Catalog> {
  const folders = { inputDir: join(root, "input"), outputDir: root, tempDir: root, models: await gatherFolders([join(root, "models")]) };
  watch = new CatalogWatch(new Worker(folders), (catalog) => void catalogs.push(catalog), { rescan });
  return watch.start();
}

/** What the combo of a loader lists. */
function listed(catalog: Catalog | undefined, node: string, input: string): unknown {
  return catalog?.[node]!.input.required![input]![0];
}

async function untilListed(node: string, input: string, names: readonly string[]): Promise<void> {
  await expect.poll(() => listed(catalogs.at(-1), node, input), { timeout: 4000, interval: 20 }).toEqual(names);
}

describe("CatalogWatch", () => {
  it("sees models appear, change their names and go, in new folders too", async () => {
    expect(listed(await open(), "CheckpointLoaderSimple", "ckpt_name")).toEqual([]);
    const path = (name: string): string => join(root, "models", "checkpoints", name);
    writeFileSync(path("a.safetensors"), "");
    await untilListed("CheckpointLoaderSimple", "ckpt_name", ["a.safetensors"]);
    renameSync(path("a.safetensors"), path("b.safetensors"));
    await untilListed("CheckpointLoaderSimple", "ckpt_name", ["b.safetensors"]);
    mkdirSync(path("sub"));
    await new Promise((resolve) => setTimeout(resolve, 500));
    writeFileSync(path("sub/c.safetensors"), "");
    await untilListed("CheckpointLoaderSimple", "ckpt_name", ["b.safetensors", "sub/c.safetensors"]);
    rmSync(path("sub"), { recursive: true });
    rmSync(path("b.safetensors"));
    await untilListed("CheckpointLoaderSimple", "ckpt_name", []);
  });

  it("sees pictures in the input folder", async () => {
    await open();
    writeFileSync(join(root, "input", "cat.png"), "");
    await untilListed("LoadImage", "image", ["cat.png"]);
  });

  it("tells of many changes together, and of none that no list shows", async () => {
    await open();
    for (let i = 0; i < 50; i++) writeFileSync(join(root, "models", "loras", `${i}.safetensors`), "");
    writeFileSync(join(root, "models", "loras", "notes.txt"), "");
    await expect
      .poll(() => (listed(catalogs.at(-1), "LoraLoader", "lora_name") as string[] | undefined)?.length, { timeout: 4000 })
      .toBe(50);
    expect(catalogs.length).toBeLessThanOrEqual(2);
    const before = catalogs.length;
    writeFileSync(join(root, "models", "loras", "more.txt"), "");
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(catalogs.length).toBe(before);
  });

  it("finds by its rescan what nothing tells of: a folder that was not there", async () => {
    await open(100);
    mkdirSync(join(root, "models", "vae"));
    writeFileSync(join(root, "models", "vae", "v.safetensors"), "");
    await untilListed("VAELoader", "vae_name", ["v.safetensors"]);
  });

  it("answers a refresh, changed or not", async () => {
    await open();
    await watch.refresh();
    await watch.refresh();
    expect(catalogs).toHaveLength(2);
    expect(catalogs[0]).toEqual(catalogs[1]);
  });
});
