import { readFileSync } from "node:fs";
import sharp from "sharp";

/** The F32 tensors of a small safetensors file by name. */
export function readTensors(path: string): Map<string, Float32Array> {
  const bytes = readFileSync(path);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, start)) as Record<string, { dtype?: string; data_offsets: [number, number] }>;
  const tensors = new Map<string, Float32Array>();
  for (const [name, { dtype, data_offsets: offsets }] of Object.entries(header)) {
    if (dtype !== "F32") continue;
    tensors.set(name, new Float32Array(Uint8Array.prototype.slice.call(bytes, start + offsets[0], start + offsets[1]).buffer));
  }
  return tensors;
}

/** ‖actual - expected‖ / ‖expected‖; NaN where a value is, Infinity where the lengths differ. */
export function relativeL2(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Infinity;
  let [error, norm] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    error += (actual[i]! - expected[i]!) ** 2;
    norm += expected[i]! ** 2;
  }
  return Math.sqrt(error / norm);
}

/** Peak signal to noise of two pictures' 8-bit pixels in dB; 0 where their sizes differ. */
export async function pngPsnr(actual: string, expected: string): Promise<number> {
  const [a, e] = await Promise.all([actual, expected].map(async (path) => sharp(path).raw().toBuffer({ resolveWithObject: true })));
  if (a!.info.width !== e!.info.width || a!.info.height !== e!.info.height || a!.info.channels !== e!.info.channels) return 0;
  let error = 0;
  for (let i = 0; i < e!.data.length; i++) error += (a!.data[i]! - e!.data[i]!) ** 2;
  return error === 0 ? Infinity : 10 * Math.log10((255 * 255 * e!.data.length) / error);
}
