import { beforeAll, describe, expect, test } from "vitest";
import { Autoencoder, loadCheckpoint, type Checkpoint } from "../pipeline/index.js";
import { resizeArea, resizeBilinear } from "../resample/index.js";
import { TorchGenerator } from "../noise/index.js";
import { starterPath } from "../testing/goldenModels.js";
import { fitLatentRgb, LatentColours, latentToPicture, stableDiffusionRgb, type LatentRgb } from "./index.js";

const identity: LatentRgb = {
  factors: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [0, 0, 0],
  ].map((row) => row),
  bias: [0, 0, 0.25],
};

describe("latentToPicture", () => {
  test("maps every pixel, and clips", () => {
    const latent = Float32Array.of(0, 0.5, 1, 2, 0.2, -1, NaN, 1, 0.5, 9, 9, 9);
    const picture = latentToPicture(latent.slice(0, 4), [1, 4, 1, 1], identity);
    expect(picture).toEqual({ width: 1, height: 1, data: Uint8Array.of(0, 128, 255) });
    const wide = latentToPicture(latent, [1, 4, 1, 3], identity);
    expect([...wide.data]).toEqual([0, 0, 0, 128, 51, 255, 255, 0, 191]);
  });

  test("lays a batch out in rows, sixteen at most", () => {
    const batch = Float32Array.from({ length: 3 * 4 }, (_, i) => (i % 4 === 0 ? (i / 4) * 0.2 : 0));
    const picture = latentToPicture(batch, [3, 4, 1, 1], identity);
    expect([picture.width, picture.height]).toEqual([2, 2]);
    expect([...picture.data].filter((_, i) => i % 3 === 0)).toEqual([0, 51, 102, 0]);
    const many = latentToPicture(new Float32Array(20 * 4 * 6), [20, 4, 2, 3], identity);
    expect([many.width, many.height]).toEqual([12, 8]);
  });
});

describe("the colours of the starter's latents", () => {
  let starter: Checkpoint;
  beforeAll(async () => void (starter = await loadCheckpoint(starterPath)));

  /** Mean squared error between a map's picture of a smooth latent and the decoder's, averaged to the same size, in dB. */
  async function psnr(map: LatentRgb): Promise<number> {
    const side = 16;
    const grid = new TorchGenerator(99n).randn(4 * 25);
    const latent = resizeBilinear({ data: grid, shape: [1, 4, 5, 5] }, side, side).data;
    const decoded = await starter.vae!.decode({
      data: latent.map((value) => value / starter.model.latent.scale),
      shape: [1, 4, side, side],
    });
    const truth = resizeArea({ data: decoded.data, shape: [1, side * 8, side * 8, 3], channels: "last" }, side, side).data;
    const { data } = latentToPicture(latent, [1, 4, side, side], map);
    const sum = truth.reduce((total, value, i) => total + (value - data[i]! / 255) ** 2, 0);
    return -10 * Math.log10(sum / truth.length);
  }

  test("are fitted to its own autoencoder, far better than those of Stable Diffusion 1 are", async () => {
    const fitted = await psnr((await starter.model.colours.map())!);
    expect(fitted).toBeGreaterThan(15);
    expect(fitted).toBeGreaterThan((await psnr(stableDiffusionRgb)) + 3);
  });

  test("are the same every time, and shared by patched models", async () => {
    expect(await fitLatentRgb(starter.vae!, starter.model.latent.scale)).toEqual(await starter.model.colours.map());
    expect(starter.model.withWeights(starter.model.weights).colours).toBe(starter.model.colours);
  });

  test("are the family's where the file has no autoencoder, or the family's own", async () => {
    expect(await new LatentColours(starter.model.latent, undefined).map()).toBe(stableDiffusionRgb);
    const usual = new Autoencoder({ ...starter.vae!.config, widths: [128, 256, 512, 512] }, starter.vae!.weights);
    const colours = new LatentColours(starter.model.latent, usual);
    expect(await colours.map()).toBe(stableDiffusionRgb);
    expect(colours.holdings).toEqual([]);
    expect(await new LatentColours({ channels: 4, scale: 1 }, undefined).map()).toBeUndefined();
  });
});
