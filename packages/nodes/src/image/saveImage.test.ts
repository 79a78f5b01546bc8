import { readFileSync } from "node:fs";
import { readPngText } from "@patchbay/graph";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { ImageValue } from "../values.js";
import { testContext } from "../testing/testContext.js";
import { previewImage } from "./previewImage.js";
import { saveImage } from "./saveImage.js";

function picture(values: readonly number[], width: number, channels = 3): ImageValue {
  return { data: Float32Array.from(values), batch: 1, height: values.length / width / channels, width, channels };
}

async function saved(image: ImageValue): Promise<number[]> {
  const context = testContext();
  await saveImage.run({ images: image, filename_prefix: "a" }, context);
  const { data } = await sharp(readFileSync(context.files[0]!.path)).raw().toBuffer({ resolveWithObject: true });
  return [...data];
}

describe("saveImage", () => {
  it("cuts values off and doesn't round them", async () => {
    const values = [0, 0.5, 1, 254.999 / 255, 0.999 / 255, 1.5, -1, NaN, Infinity, -Infinity, 128 / 255, 3 / 255];
    expect(await saved(picture(values, 2))).toEqual([0, 127, 255, 254, 0, 255, 0, 0, 255, 0, 128, 3]);
  });

  it("gives every byte back that was one", async () => {
    const bytes = Array.from({ length: 256 }, (_, i) => i);
    const grey = bytes.map((byte) => byte / 255);
    // Read back as RGB.
    expect(await saved(picture(grey, 256, 1))).toEqual(bytes.flatMap((byte) => [byte, byte, byte]));
  });

  it("keeps alpha", async () => {
    expect(await saved(picture([1, 0, 1, 0.5], 1, 4))).toEqual([255, 0, 255, 127]);
  });

  it("refuses other channels", async () => {
    await expect(saved(picture([1, 1], 1, 2))).rejects.toMatchObject({ code: "NODE_IMAGE_CHANNELS" });
  });

  it("writes a file for each picture, with the graph in it", async () => {
    const prompt = { "1": { class_type: "KSampler", inputs: { seed: 18446744073709551615n, text: "ä 😀" } } };
    const patchbay = { precision: "fast", isa: "avx512bf16", version: "1.2.3" };
    const context = testContext({ metadata: { prompt, workflow: { nodes: [] }, patchbay } });
    const images: ImageValue = { data: new Float32Array(2 * 12), batch: 2, height: 2, width: 2, channels: 3 };
    const [output] = await saveImage.run({ images, filename_prefix: "x/ComfyUI" }, context);
    expect(output).toBe(images);
    expect(context.files.map(({ filename, subfolder, type }) => [filename, subfolder, type])).toEqual([
      ["ComfyUI_00001_.png", "x", "output"],
      ["ComfyUI_00002_.png", "x", "output"],
    ]);
    const png = readFileSync(context.files[1]!.path);
    expect([...readPngText(png)]).toEqual([
      ["prompt", '{"1": {"class_type": "KSampler", "inputs": {"seed": 18446744073709551615, "text": "\\u00e4 \\ud83d\\ude00"}}}'],
      ["workflow", '{"nodes": []}'],
      ["patchbay", '{"precision": "fast", "isa": "avx512bf16", "version": "1.2.3"}'],
    ]);
  });

  it("writes no text when metadata is off, and the same bytes again", async () => {
    const context = testContext();
    for (let i = 0; i < 2; i++) await saveImage.run({ images: picture([0.1, 0.2, 0.3], 1), filename_prefix: "a" }, context);
    const [first, second] = context.files.map(({ path }) => readFileSync(path));
    expect([...readPngText(first!)]).toEqual([]);
    expect(second).toEqual(first);
  });

  it("stops between pictures when cancelled", async () => {
    const context = testContext({ signal: AbortSignal.abort() });
    await expect(saveImage.run({ images: picture([0, 0, 0], 1), filename_prefix: "a" }, context)).rejects.toThrow();
    expect(context.files).toEqual([]);
  });
});

describe("previewImage", () => {
  it("writes to the temp folder under a new name each time", async () => {
    const context = testContext();
    for (let i = 0; i < 2; i++) await previewImage.run({ images: picture([0, 0, 0], 1) }, context);
    const [first, second] = context.files;
    expect(first).toMatchObject({ type: "temp", filename: expect.stringMatching(/^ComfyUI_temp_[a-z]{5}_00001_\.png$/) as string });
    expect(first!.filename).not.toBe(second!.filename);
    expect(first!.path.startsWith(context.tempDir)).toBe(true);
  });
});
