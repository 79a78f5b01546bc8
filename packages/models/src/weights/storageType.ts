import { EngineError, type WeightDType } from "@patchbay/engine";

/** Element types of the safetensors format and their size in bytes. */
const STORAGE_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  I64: 8,
  U64: 8,
  F64: 8,
} as const;

export type StorageType = keyof typeof STORAGE_BYTES;

/** Bytes of one element, or undefined for a type the format doesn't have. */
export function storageBytes(dtype: string): number | undefined {
  return Object.hasOwn(STORAGE_BYTES, dtype) ? STORAGE_BYTES[dtype as StorageType] : undefined;
}

/** Types the engine reads where they lie in the file. */
export const MAPPED_TYPES: ReadonlyMap<StorageType, WeightDType> = new Map([
  ["F32", "f32"],
  ["F16", "f16"],
  ["BF16", "bf16"],
]);

/** fp8 with 4 exponent bits (bias 7, no infinities: S.1111.111 is NaN) as binary16 bits; each value is exact there. */
function widenE4m3(byte: number): number {
  const sign = (byte & 0x80) << 8;
  const exponent = (byte >> 3) & 15;
  const fraction = byte & 7;
  if (exponent === 15 && fraction === 7) return sign | 0x7e00;
  if (exponent > 0) return sign | ((exponent + 8) << 10) | (fraction << 7);
  if (fraction === 0) return sign;
  // Below 2^-6 binary16 has room for what fp8 only has as denormals: move the leading one out.
  const shift = Math.clz32(fraction) - 28;
  return sign | ((9 - shift) << 10) | (((fraction << shift) & 7) << 7);
}

/** Little-endian stored elements as numbers. @throws WEIGHTS_DTYPE for a type without a numeric meaning here */
export function decodeNumbers(bytes: Uint8Array, dtype: StorageType): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Float32Array(bytes.byteLength / STORAGE_BYTES[dtype]);
  const fill = (read: (index: number) => number): Float32Array => {
    for (let i = 0; i < out.length; i++) out[i] = read(i);
    return out;
  };
  switch (dtype) {
    case "F32":
      new Uint8Array(out.buffer).set(bytes);
      return out;
    case "F16":
      return fill((i) => halfToNumber(view.getUint16(i * 2, true)));
    case "BF16": {
      const words = new Uint32Array(out.buffer);
      for (let i = 0; i < words.length; i++) words[i] = view.getUint16(i * 2, true) << 16;
      return out;
    }
    case "F64":
      return fill((i) => view.getFloat64(i * 8, true));
    case "F8_E4M3":
      return fill((i) => halfToNumber(widenE4m3(bytes[i]!)));
    case "F8_E5M2":
      return fill((i) => halfToNumber(bytes[i]! << 8));
    case "I64":
      return fill((i) => Number(view.getBigInt64(i * 8, true)));
    case "U64":
      return fill((i) => Number(view.getBigUint64(i * 8, true)));
    case "I32":
      return fill((i) => view.getInt32(i * 4, true));
    case "U32":
      return fill((i) => view.getUint32(i * 4, true));
    case "I16":
      return fill((i) => view.getInt16(i * 2, true));
    case "U16":
      return fill((i) => view.getUint16(i * 2, true));
    case "I8":
      return fill((i) => view.getInt8(i));
    case "U8":
    case "BOOL":
      return fill((i) => bytes[i]!);
    case "F8_E8M0":
      throw new EngineError(
        "WEIGHTS_DTYPE",
        `could not read elements of type "F8_E8M0": it only scales other tensors, which isn't supported`,
      );
  }
}

/** fp8 bytes as binary16 bits, exactly: a form the engine reads. */
export function widenFloat8(bytes: Uint8Array, dtype: "F8_E4M3" | "F8_E5M2"): Uint16Array {
  const widen = dtype === "F8_E4M3" ? widenE4m3 : (byte: number): number => byte << 8;
  const table = Uint16Array.from({ length: 256 }, (_, byte) => widen(byte));
  const out = new Uint16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = table[bytes[i]!]!;
  return out;
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
