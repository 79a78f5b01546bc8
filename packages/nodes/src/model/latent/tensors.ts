import type { FloatTensor } from "@patchbay/models";
import type { ImageValue, LatentValue } from "../../values.js";

/** A tensor [N, H, W, C] as pictures. */
export function imageOf({ data, shape }: FloatTensor): ImageValue {
  const [batch, height, width, channels] = shape as readonly [number, number, number, number];
  return { data, batch, height, width, channels };
}

/** A tensor [N, C, H, W] as latents. */
export function latentOf({ data, shape }: FloatTensor): LatentValue {
  return { samples: data, shape: shape as LatentValue["shape"] };
}

/** Pictures as a tensor [N, H, W, C]. */
export function tensorOf({ data, batch, height, width, channels }: ImageValue): FloatTensor {
  return { data, shape: [batch, height, width, channels] };
}
