import { fileURLToPath } from "node:url";
import { latentToPicture, loadCheckpoint } from "@patchbay/models";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { encodePreview } from "../../files/encodePreview.js";
import type { StepPicture } from "../../nodeContext.js";
import { nodesByType } from "../../catalog.js";
import { testContext } from "../../testing/testContext.js";
import { StepPreview } from "./stepPreview.js";

const starter = fileURLToPath(new URL("../../../../../models/starter/starter.safetensors", import.meta.url));

async function until(done: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !done(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("previews of sampling", () => {
  it("are as large as a small latent, and numbered by their steps", async () => {
    const { model, clip } = await loadCheckpoint(starter);
    await model.colours.map();
    const pictures: StepPicture[] = [];
    const empty = await clip!.encode("");
    const latent_image = { samples: new Float32Array(4 * 16 * 24), shape: [1, 4, 16, 24] };
    const numbers = { seed: 1n, steps: 12, cfg: 3, denoise: 1 };
    const inputs = { model, positive: empty, negative: empty, latent_image, sampler_name: "euler", scheduler: "normal", ...numbers };
    await nodesByType.get("KSampler")!.run(inputs, testContext({ preview: (picture) => void pictures.push(picture) }));
    await until(() => pictures.length > 0);
    expect(pictures.length).toBeGreaterThan(0);
    const steps = pictures.map(({ value }) => value);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    for (const { max, mediaType, width, height, bytes } of pictures) {
      expect({ max, mediaType, width, height }).toEqual({ max: 12, mediaType: "image/png", width: 24, height: 16 });
      expect(await sharp(bytes).metadata()).toMatchObject({ format: "png", width: 24, height: 16 });
    }
  });

  it("are JPEGs of up to 256 pixels for a large latent", async () => {
    const { bytes, ...size } = await encodePreview({ data: new Uint8Array(40 * 30 * 3), width: 40, height: 30 });
    expect(size).toMatchObject({ mediaType: "image/jpeg", width: 256, height: 192 });
    expect(await sharp(bytes).metadata()).toMatchObject({ format: "jpeg", width: 256, height: 192 });
  });

  it("leaves steps out rather than queueing pictures", async () => {
    const { model } = await loadCheckpoint(starter);
    await model.colours.map();
    const pictures: StepPicture[] = [];
    const preview = new StepPreview(model, [1, 4, 16, 16], (picture) => void pictures.push(picture));
    await new Promise((resolve) => setImmediate(resolve));
    const latent = new Float32Array(4 * 16 * 16);
    for (let i = 1; i <= 50; i++) preview.step(i, 50, latent);
    await until(() => pictures.length > 0);
    expect(pictures.map(({ value }) => value)).toEqual([1]);
  });

  it("are at most 256 pixels long, in the latent's proportions, and show what the map gives", async () => {
    const map = {
      factors: [
        [1, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
      bias: [0, 0, 1],
    };
    const picture = latentToPicture(new Float32Array(4 * 60 * 100).fill(1, 0, 60 * 100), [1, 4, 60, 100], map);
    const { bytes, width, height } = await encodePreview(picture);
    expect([width, height]).toEqual([256, 154]);
    const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect(data[0]).toBeGreaterThan(250);
    expect(data[1]).toBeLessThan(5);
    expect(data[2]).toBeGreaterThan(250);
  });
});
