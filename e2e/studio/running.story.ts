import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readGraph } from "@patchbay/graph";
import sharp from "sharp";
import { expect, test } from "./story.js";

test("opens on a finished graph, with its picture", async ({ studio }) => {
  await expect(studio.picture).toBeVisible();
  await expect.poll(() => studio.picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(128);
  expect((await studio.shape()).types).toEqual([
    "CLIPTextEncode",
    "CLIPTextEncode",
    "CheckpointLoaderSimple",
    "EmptyLatentImage",
    "KSampler",
    "MarkdownNote",
    "SaveImage",
    "VAEDecode",
  ]);
});

test("other words give another picture, and the saved file carries its graph", async ({ studio, server }) => {
  const words = "a red barn on a green hill under a blue sky";
  await studio.card("CLIPTextEncode").getByRole("textbox").fill(words);
  const before = await studio.pictureSource();
  const after = await studio.runToEnd();
  expect(after).not.toBe(before);

  const folder = join(server.data, "output");
  const newest = readdirSync(folder).sort().at(-1) ?? "";
  const { document, prompt } = readGraph(readFileSync(join(folder, newest)));
  expect(Object.values(prompt ?? {}).map(({ inputs }) => inputs["text"])).toContain(words);
  expect(Object.values(document.nodes).length).toBe(8);
});

test("shows the picture as it comes out of the noise", async ({ studio, page }) => {
  await studio.type(studio.card("KSampler"), "steps", "60");
  await studio.type(studio.card("KSampler"), "seed", "77");
  await studio.run.click();
  const preview = studio.card("KSampler").locator(".card-picture img.live");
  await expect(preview).toBeVisible({ timeout: 5000 });
  await expect(studio.card("KSampler").getByRole("progressbar")).toBeVisible();
  await expect(page.locator(".wire-progress").first()).toBeAttached();
  await studio.idle();
});

test("cancels in the middle", async ({ studio }) => {
  await studio.type(studio.card("KSampler"), "steps", "2000");
  await studio.run.click();
  await expect(studio.card("KSampler").getByRole("progressbar")).toBeVisible();
  await studio.cancel.click();
  await expect(studio.status).toHaveText("Cancelled");
  await studio.idle();
});

test("runs again at once what is known, and only what a change reaches", async ({ studio }) => {
  await studio.type(studio.card("KSampler"), "seed", "4242");
  await studio.keepSeed();
  await studio.runToEnd();
  await studio.card("SaveImage").getByRole("textbox").fill("again");
  await studio.run.click();
  await expect(studio.card("KSampler").getByLabel("Known from a run before")).toBeVisible();
  await studio.idle();
});

test("goes on after a reload in the middle", async ({ studio, page }) => {
  await studio.type(studio.card("KSampler"), "steps", "200");
  await studio.run.click();
  await expect(studio.card("KSampler").getByRole("progressbar")).toBeVisible();
  const before = await studio.pictureSource();
  await page.reload();
  await expect(studio.card("KSampler").getByRole("progressbar")).toBeVisible();
  await expect(studio.picture).not.toHaveAttribute("src", before ?? "", { timeout: 30_000 });
  await studio.idle();
});

test("the exported graph gives the same pixels in the terminal", async ({ studio, page, server }) => {
  await studio.type(studio.card("KSampler"), "seed", "2026");
  await studio.runToEnd();
  const waiting = page.waitForEvent("download");
  await page.keyboard.press("Control+s");
  const graph = await (await waiting).path();
  const output = mkdtempSync(join(tmpdir(), "patchbay-terminal-"));
  try {
    const patchbay = fileURLToPath(new URL("../../apps/cli/bin/patchbay.js", import.meta.url));
    execFileSync(process.execPath, [patchbay, "run", graph, "--output", output], {
      cwd: fileURLToPath(new URL("../../", import.meta.url)),
    });
    const shown = Buffer.from(await (await server.fetch((await studio.pictureSource()) ?? "")).arrayBuffer());
    const written = readFileSync(join(output, readdirSync(output)[0] ?? ""));
    const pixels = (png: Buffer): Promise<Buffer> => sharp(png).raw().toBuffer();
    expect((await pixels(written)).equals(await pixels(shown))).toBe(true);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
});
