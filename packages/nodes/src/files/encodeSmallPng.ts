import { deflateSync } from "node:zlib";
import { writePngChunks } from "@patchbay/graph";

/** Rows of pixels of 8 bits a channel, without gaps. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 1: grey, 3: RGB, 4: RGBA. */
  readonly channels: 1 | 3 | 4;
  readonly bytes: Uint8Array;
}

const colourTypes = { 1: 0, 3: 2, 4: 6 } as const;

/** A PNG file of a small picture, made at once: 8 bits a channel, no interlacing, no filters (PNG specification, sections 9 to 11). */
export function encodeSmallPng({ width, height, channels, bytes }: Pixels, compression: number): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, colourTypes[channels], 0, 0, 0], 8);
  const row = width * channels;
  // Each row begins with its filter: none.
  const raw = new Uint8Array(height * (row + 1));
  for (let y = 0; y < height; y++) raw.set(bytes.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  return writePngChunks([
    ["IHDR", header],
    ["IDAT", deflateSync(raw, { level: compression })],
    ["IEND", new Uint8Array()],
  ]);
}
