import { expect } from "vitest";

/**
 * Makes `toEqual` compare numeric arrays by their bits, zeros' signs and all: what most of a fuzzer's time would otherwise go to, as
 * vitest walks them element by element.
 */
export function compareArraysByBits(): void {
  expect.addEqualityTesters([sameBits]);
}

function sameBits(a: unknown, b: unknown): boolean | undefined {
  if (!isArray(a) || !isArray(b) || a.constructor !== b.constructor) return undefined;
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}

const isArray = (value: unknown): value is Float32Array | Int32Array => value instanceof Float32Array || value instanceof Int32Array;

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
