import type { SmallPicture } from "@patchbay/models";
import type { StepPicture } from "../nodeContext.js";
import { encodeSmallPng } from "./encodeSmallPng.js";

/** A pixel of a latent becomes as many as it has in the picture, up to this side. */
const SCALE = 8;
const MAX_SIDE = 256;
/** Up to here a picture stays as small as it is: enlarging it is left to what shows it, and it is made sooner than sharp would begin. */
const SMALL_PIXELS = 32 * 32;

/** A small picture as a file, enlarged smoothly where that pays, and how long it took. */
export async function encodePreview(
  picture: SmallPicture,
): Promise<Pick<StepPicture, "mediaType" | "width" | "height" | "bytes"> & { readonly seconds: number }> {
  const began = performance.now();
  const made = picture.width * picture.height <= SMALL_PIXELS ? encodeSmall(picture) : await encodeJpeg(picture);
  return { ...made, seconds: (performance.now() - began) / 1000 };
}

function encodeSmall({ data, width, height }: SmallPicture): Pick<StepPicture, "mediaType" | "width" | "height" | "bytes"> {
  return { mediaType: "image/png", width, height, bytes: encodeSmallPng({ width, height, channels: 3, bytes: data }, 1) };
}

async function encodeJpeg(picture: SmallPicture): Promise<Pick<StepPicture, "mediaType" | "width" | "height" | "bytes">> {
  const { default: sharp } = await import("sharp");
  const scale = Math.min(SCALE, MAX_SIDE / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale))) as [number, number];
  const bytes = await sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels: 3 } })
    .resize(width, height, { kernel: "cubic", fit: "fill" })
    .jpeg({ quality: 80 })
    .toBuffer();
  return { mediaType: "image/jpeg", width, height, bytes };
}
