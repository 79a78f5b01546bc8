import type { ImageValue, LatentValue, MaskValue } from "../values.js";

/** Masks as grey pictures, so that what works on pictures works on them. The values are shared. */
export function picturesOfMask(mask: MaskValue): ImageValue {
  return { ...mask, channels: 1 };
}

/** Grey pictures as masks. The values are shared. */
export function maskOfPictures({ data, batch, height, width }: ImageValue): MaskValue {
  return { data, batch, height, width };
}

/** The planes of latents as grey pictures: [batch × channels, height, width, 1]. The values are shared. */
export function picturesOfLatent({ samples, shape: [batch, channels, height, width] }: LatentValue): ImageValue {
  return { data: samples, batch: batch * channels, height, width, channels: 1 };
}

/** A latent whose planes are others, with as many channels; its mask and the rest stay. */
export function latentOfPictures(latent: LatentValue, { data, batch, height, width }: ImageValue): LatentValue {
  const channels = latent.shape[1];
  return { ...latent, samples: data, shape: [batch / channels, channels, height, width] };
}
