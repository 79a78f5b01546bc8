import { upscale } from "@patchbay/models";
import { combo } from "../../inputs.js";
import { expectRoom } from "../../allocate.js";
import type { ImageValue } from "../../values.js";

/** The ways to resize a picture, in the order of the menu. */
export const imageMethods = combo(["nearest-exact", "bilinear", "area", "bicubic", "lanczos"]);

/** A picture at another size. @throws NODE_TOO_LARGE, MODEL_RESAMPLE */
export function resizeImage(
  image: ImageValue,
  height: number,
  width: number,
  method: string,
  crop: "disabled" | "center",
  memoryLimit: number | undefined,
): ImageValue {
  const { batch, channels } = image;
  expectRoom("pictures", [batch, height, width, channels], memoryLimit);
  const planes = { data: image.data, shape: [batch, image.height, image.width, channels], channels: "last" } as const;
  return { data: upscale(planes, height, width, method, crop).data, batch, height, width, channels };
}
