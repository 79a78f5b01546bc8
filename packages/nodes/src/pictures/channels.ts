import { allocate } from "../allocate.js";
import { NodeError } from "../nodeError.js";
import type { ImageValue, MaskValue } from "../values.js";

/** The pictures with `channels` channels: later ones are left away, grey becomes three colours, missing alpha is 1. @throws NODE_TOO_LARGE */
export function withChannels(pictures: ImageValue, channels: number, memoryLimit: number | undefined): ImageValue {
  if (pictures.channels === channels) return pictures;
  const { batch, height, width } = pictures;
  const data = allocate("pictures", [batch, height, width, channels], memoryLimit);
  const isGrey = pictures.channels < 3;
  for (let i = 0; i < batch * height * width; i++) {
    const from = i * pictures.channels;
    for (let c = 0; c < channels; c++) {
      if (isGrey && c < 3) data[i * channels + c] = pictures.data[from]!;
      else data[i * channels + c] = c < pictures.channels ? pictures.data[from + c]! : 1;
    }
  }
  return { ...pictures, data, channels };
}

/** One channel as a mask. @throws NODE_IMAGE_CHANNELS when the pictures haven't got it */
export function channelOf({ data, batch, height, width, channels }: ImageValue, index: number, name: string): MaskValue {
  if (index >= channels)
    throw new NodeError("NODE_IMAGE_CHANNELS", `Cannot take the ${name} channel of pictures with ${channels}: it is number ${index + 1}`);
  const values = new Float32Array(batch * height * width);
  for (let i = 0; i < values.length; i++) values[i] = data[i * channels + index]!;
  return { data: values, batch, height, width };
}

/** @throws NODE_IMAGE_CHANNELS for pictures of fewer than three channels */
export function expectColours({ channels }: ImageValue, name: string): void {
  if (channels < 3) throw new NodeError("NODE_IMAGE_CHANNELS", `"${name}" has ${channels} channels: it must be RGB or RGBA`);
}
