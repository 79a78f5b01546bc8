import type { SmallPicture } from "@patchbay/models";
import type { StepPicture } from "../nodeContext.js";

/** A pixel of a latent becomes as many as it has in the picture, up to this side. */
const SCALE = 8;
const MAX_SIDE = 256;

/** A small picture, enlarged smoothly, as JPEG, and how long that took. */
export async function encodePreview(
  picture: SmallPicture,
): Promise<Pick<StepPicture, "mediaType" | "width" | "height" | "bytes"> & { readonly seconds: number }> {
  const { default: sharp } = await import("sharp");
  const scale = Math.min(SCALE, MAX_SIDE / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale))) as [number, number];
  const began = performance.now();
  const bytes = await sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels: 3 } })
    .resize(width, height, { kernel: "cubic", fit: "fill" })
    .jpeg({ quality: 80 })
    .toBuffer();
  return { mediaType: "image/jpeg", width, height, bytes, seconds: (performance.now() - began) / 1000 };
}
