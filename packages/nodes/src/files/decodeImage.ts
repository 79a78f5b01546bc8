import { readFile, stat } from "node:fs/promises";
import type { Metadata, Sharp } from "sharp";
import { NodeError } from "../nodeError.js";

/** Most pixels of a picture that is read; checked before any is decoded. */
export const MAX_PIXELS = 2 ** 26;
/** Most bytes of a picture's file. */
const MAX_FILE_BYTES = 2 ** 28;

const formats = new Set(["png", "jpeg", "webp", "gif"]);

/** Extensions of pictures that can be read, as the input folder is listed. */
export const imageExtensions = [".png", ".jpg", ".jpeg", ".webp", ".gif"] as const;

/** A decoded picture, upright: straight RGB or RGBA. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** Row-major [height, width, channels]. */
  readonly data: Uint8Array | Uint16Array;
  /** What to divide by to get 0..1. */
  readonly full: number;
}

/**
 * ComfyUI 0.33 widens 8-bit grey to 16 bits by a factor of 256, not 257, so that white is 0.9961. Masks are mostly such pictures, and results
 * only agree if this does.
 */
const FULL_GREY = 65535 / 256;

/**
 * Reads a PNG, JPEG, WebP or the first frame of a GIF (or of another animation). Palettes, grey and fewer bits are widened to 8-bit RGB,
 * 16-bit pictures keep their precision, the EXIF orientation is applied, colour profiles are not.
 * @throws FILE_NOT_FOUND, FILE_IMAGE_TOO_LARGE, FILE_IMAGE_INVALID
 */
export async function decodeImage(path: string): Promise<DecodedImage> {
  const { default: sharp } = await import("sharp");
  const bytes = await readBounded(path);
  const open = (): Sharp => sharp(bytes, { limitInputPixels: MAX_PIXELS, ignoreIcc: true, failOn: "error", pages: 1 });
  const invalid = (cause: unknown): NodeError => {
    const reason = (cause instanceof Error ? cause.message : String(cause)).split("\n")[0]!;
    return new NodeError("FILE_IMAGE_INVALID", `Cannot read the picture "${path}": ${reason} (PNG, JPEG, WebP and GIF are read)`, {
      cause,
    });
  };
  if (bytes.length === 0) throw invalid("it is empty");
  const metadata = await open()
    .metadata()
    .catch((cause: unknown) => {
      throw /pixel limit/i.test(String(cause)) ? tooLarge(path, "it") : invalid(cause);
    });
  if (!formats.has(metadata.format)) throw invalid(`it is of the format "${metadata.format}"`);
  if (metadata.width * metadata.height > MAX_PIXELS) throw tooLarge(path, `${metadata.width}×${metadata.height}`);
  try {
    return await decode(open(), metadata);
  } catch (cause) {
    throw invalid(cause);
  }
}

async function decode(image: Sharp, { depth, hasAlpha, space, isPalette, bitsPerSample = 8 }: Metadata): Promise<DecodedImage> {
  const wide = depth === "ushort";
  const grey = space === "b-w" && !isPalette && bitsPerSample === 8;
  const rgb = image.autoOrient().toColourspace(wide ? "rgb16" : "srgb");
  const { data, info } = await (hasAlpha ? rgb : rgb.removeAlpha())
    .raw({ depth: wide ? "ushort" : "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels !== 3 && channels !== 4) throw new Error(`it has ${channels} channels`);
  const elements = wide ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data;
  return { width, height, channels, data: elements, full: wide ? 65535 : grey ? FULL_GREY : 255 };
}

async function readBounded(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) throw tooLarge(path, `its file of ${size} bytes`);
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof NodeError) throw cause;
    throw new NodeError("FILE_NOT_FOUND", `Cannot read "${path}": ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`, { cause });
  }
}

function tooLarge(path: string, what: string): NodeError {
  return new NodeError(
    "FILE_IMAGE_TOO_LARGE",
    `Cannot read the picture "${path}": ${what} is larger than ${MAX_PIXELS} pixels or ${MAX_FILE_BYTES} bytes of file`,
  );
}
