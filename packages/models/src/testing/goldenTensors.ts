import { readFileSync } from "node:fs";

export interface GoldenTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Reads the F32 tensors of a small, trusted safetensors file beside a test. */
export function readGoldenTensors(url: URL): Map<string, GoldenTensor> {
  const bytes = readFileSync(url);
  const headerEnd = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, headerEnd)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const tensors = new Map<string, GoldenTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (entry.dtype !== "F32") continue;
    const [from, to] = entry.data_offsets;
    const data = new Float32Array(new Uint8Array(bytes.subarray(headerEnd + from, headerEnd + to)).buffer);
    tensors.set(name, { shape: entry.shape, data });
  }
  return tensors;
}

/** The largest absolute difference; Infinity where lengths differ or a value isn't a number. */
export function maxDifference(actual: Float32Array, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Infinity : difference;
  }
  return worst;
}

/** |actual - expected| / |expected| in L2; Infinity where lengths differ or a value isn't a number. */
export function relativeError(actual: Float32Array, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let error = 0;
  let norm = 0;
  for (let i = 0; i < actual.length; i++) {
    error += (actual[i]! - expected[i]!) ** 2;
    norm += expected[i]! ** 2;
  }
  const ratio = Math.sqrt(error / Math.max(norm, 1e-60));
  return Number.isNaN(ratio) ? Infinity : ratio;
}
