import { stringifyJson, writePngText } from "@patchbay/graph";
import type { NodeContext, SavedMetadata } from "../nodeContext.js";
import { NodeError } from "../nodeError.js";
import type { ImageValue } from "../values.js";
import { encodeSmallPng, type Pixels } from "./encodeSmallPng.js";

/** Texts by metadata: every picture of a run carries the same. */
const textsOf = new WeakMap<SavedMetadata, Record<string, string>>();

/** What a PNG says about the graph that made it, as ComfyUI writes it (JSON in ASCII, as Python's `json.dumps` makes it), and about what computed it. */
export function metadataTexts(metadata: NodeContext["metadata"]): Readonly<Record<string, string>> {
  if (!metadata) return {};
  let texts = textsOf.get(metadata);
  if (!texts) textsOf.set(metadata, (texts = writeTexts(metadata)));
  return texts;
}

function writeTexts({ prompt, workflow, patchbay }: SavedMetadata): Record<string, string> {
  const text = (value: Parameters<typeof stringifyJson>[0]): string => stringifyJson(value, { ascii: true, python: true });
  return {
    prompt: text(prompt as unknown as Parameters<typeof stringifyJson>[0]),
    ...(workflow !== undefined && { workflow: text(workflow) }),
    patchbay: text(patchbay),
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

export interface PngOptions {
  /** zlib's 0..9 */
  readonly compression: number;
  readonly texts: Readonly<Record<string, string>>;
  /** Ends the wait, not the work: the encoder knows no way to stop. */
  readonly signal?: AbortSignal;
}

/** Picture `index` of a batch as a PNG file. @throws NODE_IMAGE_CHANNELS, the signal's reason when it is aborted */
export async function encodePng(image: ImageValue, index: number, { compression, texts, signal }: PngOptions): Promise<Uint8Array> {
  const { width, height, channels } = image;
  if (channels !== 1 && channels !== 3 && channels !== 4)
    throw new NodeError("NODE_IMAGE_CHANNELS", `Cannot save a picture of ${channels} channels: 1 (grey), 3 (RGB) or 4 (RGBA) are right`);
  const bytes = toBytes(image, index);
  const png =
    width * height <= smallPixels
      ? encodeSmallPng({ width, height, channels, bytes }, compression)
      : await unlessAborted(encodeLarge({ width, height, channels, bytes }, compression), signal);
  return Object.keys(texts).length > 0 ? writePngText(png, texts) : png;
}

/** Up to here a picture is encoded sooner than sharp begins. */
const smallPixels = 64 * 64;

async function encodeLarge({ width, height, channels, bytes }: Pixels, compressionLevel: number): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  return sharp(bytes, { raw: { width, height, channels } }).png({ compressionLevel }).toBuffer();
}

/** What a promise gives, or the signal's reason as soon as it is aborted. */
async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return promise;
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort);
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
