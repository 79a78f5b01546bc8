import { EngineError } from "@patchbay/engine";
import { storageBytes, type StorageType } from "./storageType.js";

/** Larger headers are refused, as the format's own reader does. */
export const MAX_HEADER_BYTES = 100_000_000;
const MAX_RANK = 16;

/** One tensor of a file, before its bytes are touched. */
export interface TensorEntry {
  readonly dtype: StorageType;
  readonly shape: readonly number[];
  /** Where its bytes begin, counted from the end of the header. */
  readonly start: bigint;
  readonly byteLength: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads the JSON header of a safetensors file (https://github.com/huggingface/safetensors, "Format") and checks all of it:
 * names are unique, types are known, shape × type equals the byte range, ranges lie in the data and don't overlap.
 *
 * @param json the header without its length word
 * @param dataBytes how many bytes follow it in the file
 * @param source named in errors
 * @throws WEIGHTS_HEADER when it isn't such a header, WEIGHTS_DTYPE, WEIGHTS_BOUNDS when a tensor isn't inside the file
 */
export function parseSafetensorsHeader(json: Uint8Array, dataBytes: bigint, source: string): SafetensorsHeader {
  const fail = (problem: string): never => {
    throw new EngineError("WEIGHTS_HEADER", `could not read the safetensors header of "${source}": ${problem}`);
  };
  let text: string;
  let parsed: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(json);
    parsed = JSON.parse(text);
  } catch (cause) {
    return fail(`it must be JSON in UTF-8 (${cause instanceof Error ? cause.message.slice(0, 120) : "unreadable"})`);
  }
  if (!isRecord(parsed)) return fail("it must be a JSON object");
  const twice = findDuplicateKey(text);
  if (twice !== undefined) return fail(`the name ${quote(twice)} occurs twice`);
  const tensors = new Map<string, TensorEntry>();
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(parsed)) {
    if (name === "__metadata__") metadata = readMetadata(value) ?? fail("__metadata__ must map strings to strings");
    else tensors.set(name, readEntry(name, value, dataBytes, source));
  }
  expectDisjoint(tensors, source);
  return { tensors, metadata };
}

function readEntry(name: string, value: unknown, dataBytes: bigint, source: string): TensorEntry {
  const fail = (code: "WEIGHTS_HEADER" | "WEIGHTS_DTYPE" | "WEIGHTS_BOUNDS", problem: string): never => {
    throw new EngineError(code, `could not read the tensor ${quote(name)} of "${source}": ${problem}`);
  };
  if (!isRecord(value)) return fail("WEIGHTS_HEADER", "its entry must be an object with dtype, shape and data_offsets");
  const { dtype, shape, data_offsets: offsets } = value;
  const size = typeof dtype === "string" ? storageBytes(dtype) : undefined;
  if (size === undefined) return fail("WEIGHTS_DTYPE", `its dtype ${quote(dtype)} is not one of the format`);
  if (!isSizes(shape) || shape.length > MAX_RANK) {
    return fail("WEIGHTS_HEADER", `its shape ${quote(shape)} must be at most ${MAX_RANK} whole numbers that aren't negative`);
  }
  if (!isSizes(offsets) || offsets.length !== 2) {
    return fail("WEIGHTS_HEADER", `its data_offsets ${quote(offsets)} must be two whole numbers that aren't negative`);
  }
  const [start, end] = [BigInt(offsets[0]!), BigInt(offsets[1]!)];
  if (end < start || end > dataBytes) {
    return fail("WEIGHTS_BOUNDS", `its bytes ${start}..${end} must lie in the ${dataBytes} bytes of data (is the file cut short?)`);
  }
  const expected = shape.reduce((product, each) => product * BigInt(each), BigInt(size));
  if (end - start !== expected) {
    return fail("WEIGHTS_BOUNDS", `it has ${end - start} bytes, ${String(dtype)} [${shape.join(", ")}] takes ${expected}`);
  }
  return { dtype: dtype as StorageType, shape, start, byteLength: Number(expected) };
}

function expectDisjoint(tensors: ReadonlyMap<string, TensorEntry>, source: string): void {
  const sorted = [...tensors].filter(([, { byteLength }]) => byteLength > 0);
  sorted.sort(([, a], [, b]) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  for (let i = 1; i < sorted.length; i++) {
    const [[before, entry], [name, { start }]] = [sorted[i - 1]!, sorted[i]!];
    if (entry.start + BigInt(entry.byteLength) > start) {
      throw new EngineError("WEIGHTS_BOUNDS", `could not read "${source}": the tensors ${quote(before)} and ${quote(name)} overlap`);
    }
  }
}

function readMetadata(value: unknown): Record<string, string> | undefined {
  if (!isRecord(value) || Object.values(value).some((each) => typeof each !== "string")) return undefined;
  return value as Record<string, string>;
}

/** The first key that an object's text (already known to be JSON) has twice at its top level: JSON.parse keeps only the last. */
function findDuplicateKey(text: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    else if (character === '"') {
      const start = i;
      for (i++; text[i] !== '"'; i++) if (text[i] === "\\") i++;
      if (depth !== 1) continue;
      // At depth 1 every value of a valid header is an object, so a string is a key; a stray string value fails as an entry.
      let next = i + 1;
      while (/\s/.test(text[next] ?? "")) next++;
      if (text[next] !== ":") continue;
      const key = JSON.parse(text.slice(start, i + 1)) as string;
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0);
}

/** A foreign value for a message: short, one line. */
function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
