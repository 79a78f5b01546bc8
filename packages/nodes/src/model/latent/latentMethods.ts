import { upscale } from "@patchbay/models";
import { expectRoom } from "../../allocate.js";
import { combo } from "../../inputs.js";
import type { LatentValue } from "../../values.js";

/** The ways to resize a latent, in the order of the menu. */
export const latentMethods = combo(["nearest-exact", "bilinear", "area", "bicubic", "bislerp"]);

/** A latent at another size in latent pixels; its mask and the rest stay. @throws NODE_TOO_LARGE, MODEL_RESAMPLE */
export function resizeLatent(
  latent: LatentValue,
  height: number,
  width: number,
  method: string,
  crop: "disabled" | "center",
  memoryLimit: number | undefined,
): LatentValue {
  const [batch, channels] = latent.shape;
  const shape = [batch, channels, height, width] as const;
  expectRoom("latents", shape, memoryLimit);
  return { ...latent, samples: upscale({ data: latent.samples, shape: latent.shape }, height, width, method, crop).data, shape };
}
