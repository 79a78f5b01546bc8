import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root, runGraph } from "./patchbay.js";
import { pngPsnr, readTensors, relativeL2 } from "./tensors.js";

/** Whole graphs and what ComfyUI 0.33 makes of them (CPU, fp32) with the tiny models of tools/golden. */
const golden = join(root, "e2e", "golden");
const models = join(root, "models", "golden");
const tolerances = JSON.parse(readFileSync(join(golden, "tolerances.json"), "utf8")) as Record<
  string,
  { relativeL2: number; psnr: number; tensors?: Record<string, number> }
>;
const expectedFiles = readdirSync(join(golden, "expected"));
const cases = readdirSync(join(golden, "cases")).map((file) => basename(file, ".json"));

let output = "";
beforeAll(async () => {
  output = mkdtempSync(join(tmpdir(), "patchbay-golden-"));
  const { makeModels } = (await import(join(root, "tools", "golden", "makeModels.mjs"))) as { makeModels: (folder: string) => void };
  makeModels(models);
}, 300_000);
afterAll(() => {
  rmSync(output, { recursive: true, force: true });
});

describe("patchbay run gives what ComfyUI gives", () => {
  test.each(cases)("%s", async (name) => {
    const folder = join(output, name);
    const args = [join(golden, "cases", `${name}.json`), "--models", models, "--input", join(golden, "inputs"), "--output", folder];
    const files = await runGraph(args);
    const saved = new Map<string, string[]>();
    for (const { node, path } of files) saved.set(node, [...(saved.get(node) ?? []), path]);
    const limits = tolerances[name]!;

    const tensors = join(golden, "expected", `${name}.safetensors`);
    let compared = 0;
    for (const [key, expected] of existsSync(tensors) ? readTensors(tensors) : []) {
      const [kind, node, position = "0"] = key.split(".");
      if (kind !== "latent") continue;
      const actual = readTensors(saved.get(node!)![Number(position)]!).get("latent_tensor")!;
      expect(relativeL2(actual, expected), key).toBeLessThanOrEqual(limits.tensors?.[key] ?? limits.relativeL2);
      compared++;
    }
    for (const file of expectedFiles) {
      const match = file.startsWith(`${name}.`) && /\.(\d+)\.(\d+)\.png$/.exec(file);
      if (!match) continue;
      const actual = saved.get(match[1]!)![Number(match[2])]!;
      expect(await pngPsnr(actual, join(golden, "expected", file)), file).toBeGreaterThanOrEqual(limits.psnr);
      compared++;
    }
    expect(compared).toBeGreaterThan(0);
  });
});
