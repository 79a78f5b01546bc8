import { stringifyJson, writePngText } from "@patchbay/graph";
import type { NodeContext } from "../nodeContext.js";
import { NodeError } from "../nodeError.js";
import type { ImageValue } from "../values.js";

/** Texts by metadata: every picture of a run carries the same. */
const textsOf = new WeakMap<NonNullable<NodeContext["metadata"]>, Record<string, string>>();

/** What a PNG says about the graph that made it, as ComfyUI writes it: JSON in ASCII, as Python's `json.dumps` makes it. */
export function metadataTexts(metadata: NodeContext["metadata"]): Readonly<Record<string, string>> {
  if (!metadata) return {};
  let texts = textsOf.get(metadata);
  if (!texts) textsOf.set(metadata, (texts = writeTexts(metadata)));
  return texts;
}

function writeTexts({ prompt, workflow }: NonNullable<NodeContext["metadata"]>): Record<string, string> {
  const text = (value: Parameters<typeof stringifyJson>[0]): string => stringifyJson(value, { ascii: true, python: true });
  return {
    prompt: text(prompt as unknown as Parameters<typeof stringifyJson>[0]),
    ...(workflow !== undefined && { workflow: text(workflow) }),
  };
}

/** The bytes of picture `index` of a batch: uint8(clip(255·v, 0, 255)), truncated and not rounded; what is no number becomes 0. */
export function toBytes({ data, height, width, channels }: ImageValue, index: number): Uint8Array {
  const count = height * width * channels;
  const from = index * count;
  const bytes = new Uint8Array(count);
  // The product is rounded to fp32, as the reference computes it, before it is cut.
  for (let i = 0; i < count; i++) bytes[i] = Math.min(255, Math.max(0, Math.fround(data[from + i]! * 255)));
  return bytes;
}

/** Picture `index` of a batch as a PNG file. `compression` is zlib's 0..9. @throws NODE_IMAGE_CHANNELS */
export async function encodePng(
  image: ImageValue,
  index: number,
  { compression, texts }: { readonly compression: number; readonly texts: Readonly<Record<string, string>> },
): Promise<Uint8Array> {
  const { width, height, channels } = image;
  if (channels !== 1 && channels !== 3 && channels !== 4)
    throw new NodeError("NODE_IMAGE_CHANNELS", `Cannot save a picture of ${channels} channels: 1 (grey), 3 (RGB) or 4 (RGBA) are right`);
  const { default: sharp } = await import("sharp");
  const png = await sharp(toBytes(image, index), { raw: { width, height, channels } }).png({ compressionLevel: compression }).toBuffer();
  return Object.keys(texts).length > 0 ? writePngText(png, texts) : png;
}
