/** A picture format, told by its first bytes. */
export interface ImageFormat {
  readonly mediaType: string;
  /** Endings that files of it have; the usual one first. */
  readonly extensions: readonly string[];
}

/** How many bytes tell. */
export const sniffedBytes = 16;

const png: ImageFormat = { mediaType: "image/png", extensions: [".png", ".apng"] };
const jpeg: ImageFormat = { mediaType: "image/jpeg", extensions: [".jpg", ".jpeg", ".jfif"] };
const webp: ImageFormat = { mediaType: "image/webp", extensions: [".webp"] };
const gif: ImageFormat = { mediaType: "image/gif", extensions: [".gif"] };
const bmp: ImageFormat = { mediaType: "image/bmp", extensions: [".bmp"] };
const tiff: ImageFormat = { mediaType: "image/tiff", extensions: [".tiff", ".tif"] };

/** The format of a file that begins with these bytes; undefined when it is none of those that are taken. */
export function sniffImage(head: Uint8Array): ImageFormat | undefined {
  const text = Buffer.from(head.subarray(0, sniffedBytes)).toString("latin1");
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return png;
  if (text.startsWith("\xff\xd8\xff")) return jpeg;
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return webp;
  if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) return gif;
  if (text.startsWith("BM")) return bmp;
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) return tiff;
  return undefined;
}

/** Formats that browsers show and that can hold no script: others are only saved. */
const shown: ReadonlySet<ImageFormat> = new Set([png, jpeg, webp, gif]);

/** The media type to serve a file under, or undefined for one that is to be saved. */
export function shownMediaType(head: Uint8Array): string | undefined {
  const format = sniffImage(head);
  return format && shown.has(format) ? format.mediaType : undefined;
}
