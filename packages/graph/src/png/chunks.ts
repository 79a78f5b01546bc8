import { GraphError } from "../graphError.js";
import { crc32 } from "./crc32.js";

/** One chunk of a PNG: its type ("IHDR"), its data (a view into the file) and where it starts. */
export interface PngChunk {
  readonly type: string;
  readonly data: Uint8Array;
  readonly offset: number;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const maxChunks = 100_000;

/** Whether bytes start as a PNG does. */
export function isPng(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && signature.every((byte, i) => bytes[i] === byte);
}

/**
 * The chunks of a PNG (W3C PNG third edition, section 5), IEND last. Each length is checked against the file before its data is touched;
 * nothing is copied. Throws GRAPH_PNG_INVALID with the byte offset. `checkCrc` also compares each chunk's CRC.
 */
export function readPngChunks(bytes: Uint8Array, options: { readonly checkCrc?: boolean } = {}): PngChunk[] {
  const fail = (offset: number, what: string): never => {
    throw new GraphError("GRAPH_PNG_INVALID", `byte ${offset}`, `The PNG is broken at byte ${offset}: ${what}`);
  };
  if (!isPng(bytes)) fail(0, "it does not start with the PNG signature 89 50 4E 47 0D 0A 1A 0A");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: PngChunk[] = [];
  let at = 8;
  for (;;) {
    if (at + 12 > bytes.length) fail(at, `the file ends before its IEND chunk`);
    const length = view.getUint32(at);
    if (length > 0x7fffffff || at + 12 + length > bytes.length)
      fail(at, `a chunk of ${length} bytes does not fit the file's ${bytes.length}`);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) fail(at + 4, `the chunk type ${JSON.stringify(type)} is not four letters`);
    if (chunks.length === 0 && type !== "IHDR") fail(at, `the first chunk is ${type}; it must be IHDR`);
    if (options.checkCrc && crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length))
      fail(at, `the CRC of chunk ${type} does not match`);
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length), offset: at });
    if (chunks.length > maxChunks) fail(at, `it has more than ${maxChunks} chunks`);
    at += 12 + length;
    if (type === "IEND") return chunks;
  }
}

/** A PNG of these chunks, in their order, the first of which is IHDR and the last IEND. */
export function writePngChunks(chunks: readonly (readonly [type: string, data: Uint8Array])[]): Uint8Array {
  const out = new Uint8Array(chunks.reduce((sum, [, data]) => sum + 12 + data.length, signature.length));
  out.set(signature);
  let at = signature.length;
  for (const [type, data] of chunks) {
    out.set(pngChunk(type, data), at);
    at += 12 + data.length;
  }
  return out;
}

/** One chunk as it stands in a file: length, type, data, CRC of the last two. */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) chunk[4 + i] = type.charCodeAt(i);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}
