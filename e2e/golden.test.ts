import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "./patchbay.js";

interface Check {
  readonly what: string;
  readonly ok: boolean;
  readonly error?: number;
  readonly limit?: number;
  readonly note?: string;
}
type RunCase = (
  name: string,
  folders: { readonly goldens: string; readonly models: string; readonly output: string },
) => Promise<{ readonly checks: readonly Check[] }>;

/** Whole graphs and what ComfyUI 0.33 makes of them (CPU, fp32) with the tiny models of tools/golden. */
const goldens = join(root, "e2e", "golden");
const models = join(root, "models", "golden");
const cases = readdirSync(join(goldens, "cases")).map((file) => basename(file, ".json"));

let output = "";
let runCase: RunCase;
beforeAll(async () => {
  output = mkdtempSync(join(tmpdir(), "patchbay-golden-"));
  const tools = join(root, "tools", "golden");
  const { makeModels } = (await import(join(tools, "makeModels.mjs"))) as { makeModels: (folder: string) => void };
  makeModels(models);
  ({ runCase } = (await import(join(tools, "runCases.mjs"))) as { runCase: RunCase });
}, 300_000);
afterAll(() => {
  rmSync(output, { recursive: true, force: true });
});

describe("patchbay run gives what ComfyUI gives", () => {
  test.each(cases)("%s", async (name) => {
    const { checks } = await runCase(name, { goldens, models, output: join(output, name) });
    expect(checks.length).toBeGreaterThan(0);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });
});
