import { NodeError } from "../../nodeError.js";
import { picturesOfLatent } from "../../pictures/asPictures.js";
import { repeatToBatch } from "../../pictures/batch.js";
import type { LatentValue } from "../../values.js";
import { resizeLatent } from "./latentMethods.js";

/** @throws NODE_SIZES_DIFFER unless both latents have one number of channels */
export function expectChannels(first: LatentValue, second: LatentValue): void {
  if (first.shape[1] !== second.shape[1])
    throw new NodeError(
      "NODE_SIZES_DIFFER",
      `Cannot put latents of ${first.shape[1]} and ${second.shape[1]} channels together: both must be of one kind of model`,
    );
}

/** The latent at the height and width of another one, cropped in the middle to its proportions. @throws NODE_SIZES_DIFFER, NODE_TOO_LARGE */
export function fitSize(
  latent: LatentValue,
  target: LatentValue,
  method: "bilinear" | "bicubic",
  memoryLimit: number | undefined,
): LatentValue {
  expectChannels(target, latent);
  const [, , height, width] = target.shape;
  const isFit = latent.shape[2] === height && latent.shape[3] === width;
  return isFit ? latent : resizeLatent(latent, height, width, method, "center", memoryLimit);
}

/** As many latents as wanted: the first ones, or all again from the first; masks and places stay. @throws NODE_TOO_LARGE */
export function fitBatch(latent: LatentValue, batch: number, memoryLimit: number | undefined): LatentValue {
  const [, channels, height, width] = latent.shape;
  const { data } = repeatToBatch(picturesOfLatent(latent), batch * channels, memoryLimit);
  return { ...latent, samples: data, shape: [batch, channels, height, width] };
}

/** Combines two latents value by value: the second takes the first one's size and batch. @throws NODE_SIZES_DIFFER, NODE_TOO_LARGE */
export function combineLatents(
  first: LatentValue,
  second: LatentValue,
  combine: (first: number, second: number) => number,
  memoryLimit: number | undefined,
): LatentValue {
  const { samples } = fitBatch(fitSize(second, first, "bilinear", memoryLimit), first.shape[0], memoryLimit);
  return { ...first, samples: first.samples.map((value, i) => combine(value, samples[i]!)) };
}
