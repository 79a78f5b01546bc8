import { cropPlanes, resizeBilinear, roundHalfEven } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { int, wire } from "../../inputs.js";
import type { ImageValue, MaskValue } from "../../values.js";
import { engineOptions } from "../engineOptions.js";
import { latentOf, tensorOf } from "./tensors.js";

export const vaeEncodeForInpaint = defineNode({
  type: "VAEEncodeForInpaint",
  displayName: "VAE Encode (for Inpainting)",
  category: "model/latent",
  description: "Turns pictures into latents whose masked part is grey, and limits sampling to the mask, grown by some pixels.",
  inputs: {
    pixels: wire("IMAGE"),
    vae: wire("VAE"),
    mask: wire("MASK"),
    grow_mask_by: int({ default: 6, min: 0, max: 64, step: 1 }),
  },
  outputs: { LATENT: "LATENT" },
  async run({ pixels, vae, mask, grow_mask_by }, context) {
    const cropped = cropToMultiples(pixels, fitMask(mask, pixels), vae.config.scale);
    const rounded = { ...cropped.mask, data: cropped.mask.data.map(roundHalfEven) };
    const encoded = await vae.encode(tensorOf(greyOut(cropped.pixels, rounded)), engineOptions(context));
    return { LATENT: { ...latentOf(encoded), noiseMask: growMask(rounded, grow_mask_by) } };
  },
});

/** The mask at the pictures' size: bilinear, not rounded. */
function fitMask({ data, batch, height, width }: MaskValue, pixels: ImageValue): MaskValue {
  const resized = resizeBilinear({ data, shape: [batch, 1, height, width] }, pixels.height, pixels.width);
  return { data: resized.data, batch, height: pixels.height, width: pixels.width };
}

/** Pictures and mask cut to the middle part whose sides are multiples of `multiple`. */
function cropToMultiples(pixels: ImageValue, mask: MaskValue, multiple: number): { pixels: ImageValue; mask: MaskValue } {
  const [top, left] = [pixels.height % multiple, pixels.width % multiple];
  const size = { height: pixels.height - top, width: pixels.width - left };
  if ((top === 0 && left === 0) || size.height === 0 || size.width === 0) return { pixels, mask };
  const cut = (data: Float32Array, batch: number, channels: number): Float32Array =>
    cropPlanes(
      { data, shape: [batch, pixels.height, pixels.width, channels], channels: "last" },
      Math.floor(left / 2),
      Math.floor(top / 2),
      size.width,
      size.height,
    ).data;
  return {
    pixels: { ...pixels, ...size, data: cut(pixels.data, pixels.batch, pixels.channels) },
    mask: { ...mask, ...size, data: cut(mask.data, mask.batch, 1) },
  };
}

/** (v - 0.5)·(1 - m) + 0.5 in fp32. Masks of a smaller batch are used again from the first. */
function greyOut(pixels: ImageValue, mask: MaskValue): ImageValue {
  const { batch, height, width, channels } = pixels;
  const data = new Float32Array(pixels.data.length);
  const plane = height * width;
  for (let n = 0; n < batch; n++) {
    const maskFrom = (n % mask.batch) * plane;
    for (let i = 0; i < plane; i++) {
      const keep = 1 - mask.data[maskFrom + i]!;
      for (let c = 0; c < channels; c++) {
        const at = (n * plane + i) * channels + c;
        data[at] = Math.fround(Math.fround(pixels.data[at]! - 0.5) * keep) + 0.5;
      }
    }
  }
  return { ...pixels, data };
}

/**
 * A mask of zeros and ones grown to a square of `size` around every one. As the reference convolves with padding ceil((size - 1) / 2) and
 * cuts the result, an even size reaches one pixel further down and right than up and left.
 */
export function growMask(mask: MaskValue, size: number): MaskValue {
  if (size === 0) return mask;
  const { batch, height, width, data } = mask;
  // The kernel at i covers i - after … i - after + size - 1: a one reaches from `before` pixels back to `after` pixels on.
  const after = Math.ceil((size - 1) / 2);
  const before = size - 1 - after;
  const rows = spread(data, batch * height, width, 1, before, after);
  return { ...mask, data: spread(rows, batch, height, width, before, after) };
}

/** Along the middle axis of [outer, length, inner]: one where a one is at most `after` places before or `before` places on. */
function spread(data: Float32Array, outer: number, length: number, inner: number, before: number, after: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < inner; k++) {
      const at = (i: number): number => (o * length + i) * inner + k;
      for (let i = 0; i < length; i++) {
        if (data[at(i)] === 0) continue;
        for (let j = Math.max(0, i - before); j <= Math.min(length - 1, i + after); j++) out[at(j)] = 1;
      }
    }
  }
  return out;
}
