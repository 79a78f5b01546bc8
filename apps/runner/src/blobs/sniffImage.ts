/** A picture format, told by its first bytes. */
export interface ImageFormat {
  readonly mediaType: string;
  /** Endings that files of it have; the usual one first. */
  readonly extensions: readonly string[];
}

/** How many bytes tell. */
export const sniffedBytes = 16;

const png: ImageFormat = { mediaType: "image/png", extensions: [".png"] };
const jpeg: ImageFormat = { mediaType: "image/jpeg", extensions: [".jpg", ".jpeg"] };
const webp: ImageFormat = { mediaType: "image/webp", extensions: [".webp"] };
const gif: ImageFormat = { mediaType: "image/gif", extensions: [".gif"] };

/** The format of a file that begins with these bytes; undefined when it is none of those that nodes read and browsers show. None can hold a script. */
export function sniffImage(head: Uint8Array): ImageFormat | undefined {
  const text = Buffer.from(head.subarray(0, sniffedBytes)).toString("latin1");
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return png;
  if (text.startsWith("\xff\xd8\xff")) return jpeg;
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return webp;
  if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) return gif;
  return undefined;
}
