import type { RunOptions } from "@patchbay/engine";
import { TorchGenerator } from "../noise/index.js";
import type { Autoencoder } from "../pipeline/autoencoder.js";
import { resizeArea, resizeBilinear } from "../resample/index.js";
import { solveLinear } from "../samplers/solveLinear.js";
import type { LatentRgb } from "./latentRgb.js";

/** Latents to fit with, and their side: more of them, or larger ones, gain less than half a decibel on the starter. */
const LATENTS = 2;
const SIDE = 16;
/** They are smooth, as latents of pictures are: noise on a grid of this side, interpolated. White noise decodes to what no picture looks like, and costs 4 dB. */
const GRID = 4;
/** Their standard deviation on the grid, in the model's own scale: that of latents of pictures is about one. */
const DEVIATION = 1.2;
/** Keeps a channel that hardly matters from large factors: part of the latents' variance. */
const RIDGE = 1e-3;

/**
 * Fits a linear map from latents to colours to an autoencoder: a few fixed smooth latents are decoded, and least squares finds the map that comes
 * closest to the pictures, averaged to the latents' resolution.
 * @param scale the model's latents are this many times those between nodes
 * @throws what `Autoencoder.decode` throws
 */
export async function fitLatentRgb(autoencoder: Autoencoder, scale: number, options: RunOptions = {}): Promise<LatentRgb> {
  const channels = autoencoder.config.latentChannels;
  const { scale: factor, imageChannels } = autoencoder.config;
  const size = channels + 1;
  const normal = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const right = Array.from({ length: 3 }, () => new Array<number>(size).fill(0));
  const noise = new TorchGenerator(0n);
  const plane = SIDE * SIDE;
  for (let i = 0; i < LATENTS; i++) {
    const grid = noise.randn(channels * GRID * GRID).map((value) => value * DEVIATION);
    const latent = resizeBilinear({ data: grid, shape: [1, channels, GRID, GRID] }, SIDE, SIDE).data;
    const picture = await autoencoder.decode({ data: latent.map((value) => value / scale), shape: [1, channels, SIDE, SIDE] }, options);
    const shape = [1, SIDE * factor, SIDE * factor, imageChannels] as const;
    const colours = resizeArea({ data: picture.data, shape, channels: "last" }, SIDE, SIDE).data;
    for (let pixel = 0; pixel < plane; pixel++) {
      // The last feature is one: the bias.
      const feature = (c: number): number => (c < channels ? latent[c * plane + pixel]! : 1);
      for (let a = 0; a < size; a++) {
        for (let b = 0; b < size; b++) normal[a]![b]! += feature(a) * feature(b);
        for (let k = 0; k < 3; k++) right[k]![a]! += feature(a) * colours[pixel * imageChannels + Math.min(k, imageChannels - 1)]!;
      }
    }
  }
  for (let c = 0; c < channels; c++) normal[c]![c]! += RIDGE * LATENTS * plane;
  const solved = right.map((sums) => solveLinear(normal, sums));
  return {
    factors: Array.from({ length: channels }, (_, c) => solved.map((solution) => solution[c]!)),
    bias: solved.map((solution) => solution[channels]!),
  };
}
