import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadNative } from "@patchbay/engine-bindings";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root, runGraph } from "./patchbay.js";
import { readGoldenTensors, relativeError } from "../packages/models/src/testing/goldenTensors.js";

let folder = "";
let graph = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "patchbay-starter-"));
  graph = join(folder, "graph.json");
  const text = (id: string, words: string) => [id, { class_type: "CLIPTextEncode", inputs: { clip: ["1", 1], text: words } }] as const;
  const prompt = Object.fromEntries([
    ["1", { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "starter.safetensors" } }],
    text("2", "a red sailboat on the sea at sunset"),
    text("3", ""),
    ["4", { class_type: "EmptyLatentImage", inputs: { width: 128, height: 128, batch_size: 1 } }],
    [
      "5",
      {
        class_type: "KSampler",
        inputs: {
          model: ["1", 0],
          positive: ["2", 0],
          negative: ["3", 0],
          latent_image: ["4", 0],
          seed: 11,
          steps: 8,
          cfg: 4,
          sampler_name: "dpmpp_2m",
          scheduler: "karras",
          denoise: 1,
        },
      },
    ],
    ["6", { class_type: "VAEDecode", inputs: { samples: ["5", 0], vae: ["1", 2] } }],
    ["7", { class_type: "SaveImage", inputs: { images: ["6", 0], filename_prefix: "picture" } }],
    ["8", { class_type: "SaveLatent", inputs: { samples: ["5", 0], filename_prefix: "latent" } }],
  ]);
  writeFileSync(graph, JSON.stringify(prompt));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let runs = 0;
async function run(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const files = await runGraph([graph, "--output", join(folder, `run${runs++}`), ...args], { env });
  const path = (node: string): string => files.find((file) => file.node === node)!.path;
  return {
    png: readFileSync(path("7")),
    latent: readGoldenTensors(pathToFileURL(path("8"))).get("latent_tensor")!.data,
    pngPath: path("7"),
  };
}

describe("the starter through the command line", () => {
  test("the same graph gives the same bytes, with any number of threads", async () => {
    const [first, second, single] = [await run(["--threads", "2"]), await run(["--threads", "2"]), await run(["--threads", "1"])];
    expect(second.png.equals(first.png)).toBe(true);
    expect(single.png.equals(first.png)).toBe(true);
    expect(single.latent).toEqual(first.latent);
  });

  test("every instruction set of this machine gives the same latents to 1e-3", async () => {
    const [best, ...others] = loadNative().availableIsas;
    const reference = await run([], { PATCHBAY_ISA: best! });
    for (const isa of others) {
      const { latent } = await run([], { PATCHBAY_ISA: isa });
      expect(relativeError(latent, reference.latent), isa).toBeLessThan(1e-3);
    }
  });

  test("the picture shows something, follows the seed and the words, and carries its graph", async () => {
    const first = await run();
    const { width, height } = await sharp(first.png).metadata();
    expect([width, height]).toEqual([128, 128]);
    const { channels } = await sharp(first.png).stats();
    expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(20);
    const seeded = await run(["--seed", "12"]);
    const worded = await run(["--set", "2.text=a castle in the desert at night"]);
    expect(seeded.png.equals(first.png)).toBe(false);
    expect(worded.png.equals(first.png)).toBe(false);
    // The saved picture is a graph again: the same one.
    const again = await runGraph([first.pngPath, "--output", join(folder, "again")]);
    expect(readFileSync(again.find(({ node }) => node === "7")!.path).equals(first.png)).toBe(true);
    const bare = await run(["--no-metadata"]);
    expect(bare.png.includes("class_type")).toBe(false);
    expect(bare.latent).toEqual(first.latent);
  });

  test("the example graph runs", async () => {
    const files = await runGraph([join(root, "examples", "landscape.json"), "--output", join(folder, "example")]);
    expect(files).toHaveLength(1);
    expect(await sharp(files[0]!.path).metadata()).toMatchObject({ width: 128, height: 128, format: "png" });
  });
});
