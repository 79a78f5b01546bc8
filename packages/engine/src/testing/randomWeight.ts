import { elementCount } from "../ir/shape.js";
import { Weight, type WeightDType } from "../weights/weight.js";
import { randomArray } from "./compareWithOracle.js";

/** A weight of uniform numbers in -scale..scale, rounded to how it is stored. */
export function randomWeight(name: string, dtype: WeightDType, shape: readonly number[], scale: number, seed: number): Weight {
  const values = randomArray(elementCount(shape), seed).map((value) => value * scale);
  return Weight.inMemory(name, dtype === "f32" ? values : dtype === "f16" ? toHalf(values) : toBfloat16(values), dtype, shape);
}

/** Bits of the nearest binary16 towards zero, subnormal ones too; values must be smaller than 65504. */
export function toHalf(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    const sign = value < 0 ? 0x8000 : 0;
    const magnitude = Math.abs(value);
    if (magnitude < 2 ** -14) return sign | Math.floor(magnitude * 2 ** 24);
    const exponent = Math.floor(Math.log2(magnitude));
    return sign | ((exponent + 15) << 10) | Math.floor((magnitude / 2 ** exponent - 1) * 1024);
  });
}

function toBfloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(new Uint32Array(values.buffer, values.byteOffset, values.length), (bits) => bits >>> 16);
}
