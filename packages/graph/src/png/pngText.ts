import { GraphError } from "../graphError.js";
import { decodeUtf8 } from "../json/parseJson.js";
import { defaultLimits } from "../limits.js";
import { pngChunk, readPngChunks } from "./chunks.js";
import { inflateZlib } from "./inflate.js";

export interface ReadPngTextOptions {
  /** Most bytes of all texts together, decompressed. Default 64 MiB. */
  readonly maxBytes?: number;
  readonly checkCrc?: boolean;
}

/**
 * The texts a PNG carries in `tEXt`, `zTXt` and `iTXt` chunks, by keyword; of a repeated keyword the first. A text in Latin-1 that proves
 * to be UTF-8 (as several tools write it) is read as UTF-8.
 * Throws GraphError: GRAPH_PNG_INVALID, GRAPH_DEFLATE_INVALID, GRAPH_TOO_LARGE.
 */
export function readPngText(png: Uint8Array, options: ReadPngTextOptions = {}): Map<string, string> {
  let left = options.maxBytes ?? defaultLimits.maxBytes;
  const texts = new Map<string, string>();
  for (const { type, data, offset } of readPngChunks(png, options)) {
    if (type !== "tEXt" && type !== "zTXt" && type !== "iTXt") continue;
    const end = data.indexOf(0);
    if (end < 1 || end > 79) {
      throw new GraphError(
        "GRAPH_PNG_INVALID",
        `byte ${offset}`,
        `The PNG's ${type} chunk at byte ${offset} has no keyword of 1 to 79 bytes`,
      );
    }
    const keyword = latin1(data.subarray(0, end));
    if (texts.has(keyword)) continue;
    const { bytes, utf8 } = textBytes(type, data.subarray(end + 1), offset, left);
    left -= bytes.length;
    if (left < 0)
      throw new GraphError(
        "GRAPH_TOO_LARGE",
        `byte ${offset}`,
        `The PNG's texts are longer than ${options.maxBytes ?? defaultLimits.maxBytes} bytes`,
      );
    texts.set(keyword, utf8 ? decodeUtf8(bytes) : latin1OrUtf8(bytes));
  }
  return texts;
}

function textBytes(type: string, data: Uint8Array, offset: number, maxBytes: number): { bytes: Uint8Array; utf8: boolean } {
  const broken = (what: string): never => {
    throw new GraphError("GRAPH_PNG_INVALID", `byte ${offset}`, `The PNG's ${type} chunk at byte ${offset} ${what}`);
  };
  if (type === "tEXt") return { bytes: data, utf8: false };
  if (type === "zTXt") {
    if (data[0] !== 0) broken(`has compression method ${data[0]}; only 0 exists`);
    return { bytes: inflateZlib(data.subarray(1), maxBytes), utf8: false };
  }
  const compressed = data[0];
  if ((compressed !== 0 && compressed !== 1) || (compressed === 1 && data[1] !== 0)) broken("has an unknown compression");
  const language = data.indexOf(0, 2);
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
  if (translated < 0) broken("ends before its text");
  const text = data.subarray(translated + 1);
  return { bytes: compressed ? inflateZlib(text, maxBytes) : text, utf8: true };
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

function latin1OrUtf8(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    return latin1(bytes);
  }
}

/**
 * A copy of a PNG that carries the given texts right after IHDR: `tEXt` for ASCII, `iTXt` for the rest. Every text chunk it had is dropped
 * (`keep: true` keeps those of other keywords). Throws GRAPH_PNG_INVALID.
 */
export function writePngText(
  png: Uint8Array,
  texts: Readonly<Record<string, string>>,
  options: { readonly keep?: boolean } = {},
): Uint8Array {
  const parts: Uint8Array[] = [png.subarray(0, 8)];
  for (const { type, data, offset } of readPngChunks(png)) {
    if (type === "tEXt" || type === "zTXt" || type === "iTXt") {
      const keyword = latin1(data.subarray(0, Math.max(0, data.indexOf(0))));
      if (!options.keep || Object.hasOwn(texts, keyword)) continue;
    }
    parts.push(png.subarray(offset, offset + 12 + data.length));
    if (type === "IHDR") for (const [keyword, text] of Object.entries(texts)) parts.push(textChunk(keyword, text));
  }
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A copy of a PNG without any text chunk. Throws GRAPH_PNG_INVALID. */
export function stripPngText(png: Uint8Array): Uint8Array {
  return writePngText(png, {});
}

function textChunk(keyword: string, text: string): Uint8Array {
  if (!/^[\x21-\x7e]([\x20-\x7e]{0,77}[\x21-\x7e])?$/.test(keyword)) {
    throw new GraphError(
      "GRAPH_PNG_INVALID",
      "",
      `A PNG keyword is 1 to 79 printable ASCII characters, not ${JSON.stringify(keyword.slice(0, 100))}`,
    );
  }
  const ascii = /^[\x01-\x7f]*$/.test(text);
  const data = new TextEncoder().encode(ascii ? `${keyword}\0${text}` : `${keyword}\0\0\0\0\0${text}`);
  return pngChunk(ascii ? "tEXt" : "iTXt", data);
}
