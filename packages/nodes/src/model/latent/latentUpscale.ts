import { roundHalfEven } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { combo, int, wire } from "../../inputs.js";
import { latentMethods, resizeLatent } from "./latentMethods.js";

export const latentUpscale = defineNode({
  type: "LatentUpscale",
  displayName: "Upscale Latent",
  category: "model/latent",
  description:
    "Resizes latents; sizes are in pixels of the picture. A side of 0 follows from the other one; two leave the latent as it is.",
  inputs: {
    samples: wire("LATENT"),
    upscale_method: latentMethods,
    width: int({ default: 512, min: 0, max: 16384, step: 8 }),
    height: int({ default: 512, min: 0, max: 16384, step: 8 }),
    crop: combo(["disabled", "center"]),
  },
  outputs: { LATENT: "LATENT" },
  run({ samples, upscale_method, width, height, crop }, { memoryLimit }) {
    if (width === 0 && height === 0) return { LATENT: samples };
    const [, , latentHeight, latentWidth] = samples.shape;
    // No side below 64 pixels, given or followed.
    const wide = Math.max(64, width || roundHalfEven((latentWidth * Math.max(64, height)) / latentHeight));
    const high = Math.max(64, height || roundHalfEven((latentHeight * Math.max(64, width)) / latentWidth));
    return { LATENT: resizeLatent(samples, Math.floor(high / 8), Math.floor(wide / 8), upscale_method, crop, memoryLimit) };
  },
});
