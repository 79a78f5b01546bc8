// A safetensors file filled from a counter-based random stream, so that every machine and every language makes the same bits.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const TWICE_ROOT_THREE = 2 * 1.7320508075688772;

/**
 * `count` uniform doubles in 0..1: word i is SplitMix64's finaliser of seed + (i + 1) * 0x9E3779B97F4A7C15
 * (Steele, Lea and Flood 2014), its upper 53 bits times 2^-53. The 64-bit words are kept as two halves.
 */
function stream(seed, count) {
  const out = new Float64Array(count);
  let [high, low] = [Number(seed >> 32n), Number(seed & 0xffffffffn)];
  const product = [0, 0];
  for (let i = 0; i < count; i++) {
    low += 0x7f4a7c15;
    high = (high + 0x9e3779b9 + (low > 0xffffffff ? 1 : 0)) >>> 0;
    low >>>= 0;
    let [h, l] = [high ^ (high >>> 30), low ^ ((low >>> 30) | (high << 2))];
    multiply(h >>> 0, l >>> 0, 0xbf58476d, 0x1ce4e5b9, product);
    [h, l] = product;
    [h, l] = [h ^ (h >>> 27), l ^ ((l >>> 27) | (h << 5))];
    multiply(h >>> 0, l >>> 0, 0x94d049bb, 0x133111eb, product);
    [h, l] = product;
    [h, l] = [(h ^ (h >>> 31)) >>> 0, (l ^ ((l >>> 31) | (h << 1))) >>> 0];
    out[i] = (h * 0x200000 + (l >>> 11)) * 2 ** -53;
  }
  return out;
}

/** product = the low 64 bits of (aHigh, aLow) * (bHigh, bLow), as unsigned halves. */
function multiply(aHigh, aLow, bHigh, bLow, product) {
  const [a0, a1, b0, b1] = [aLow & 0xffff, aLow >>> 16, bLow & 0xffff, bLow >>> 16];
  const low = a0 * b0;
  const middle = a1 * b0 + (low >>> 16);
  const middle2 = a0 * b1 + (middle & 0xffff);
  const carry = a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(middle2 / 0x10000);
  product[1] = ((middle2 << 16) | (low & 0xffff)) >>> 0;
  product[0] = (carry + Math.imul(aHigh, bLow) + Math.imul(aLow, bHigh)) >>> 0;
}

/** Doubles to binary16 bits, rounded to nearest even in one step. */
function toHalf(values) {
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]);
    const sign = values[i] < 0 || Object.is(values[i], -0) ? 0x8000 : 0;
    const exponent = Math.max(-14, Math.floor(Math.log2(magnitude || 2 ** -20)));
    let scaled = roundToEven(magnitude / 2 ** (exponent - 10));
    // log2 may be one off right below a power of two; 2048 carries into the next exponent by itself.
    if (scaled < 1024 && exponent > -14) scaled = roundToEven(magnitude / 2 ** (exponent - 11)) - 1024;
    out[i] = sign | (exponent === -14 ? scaled : ((exponent + 14) << 10) + scaled);
  }
  return out;
}

function roundToEven(value) {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** Doubles to fp32 to bfloat16 bits, rounded to nearest even. */
function toBfloat16(values) {
  const words = new Uint32Array(Float32Array.from(values).buffer);
  return Uint16Array.from(words, (word) => (word + ((word >>> 16) & 1) + 0x7fff) >>> 16);
}

const encoders = {
  F16: toHalf,
  BF16: toBfloat16,
  F32: (values) => Float32Array.from(values),
  I64: (values) => BigInt64Array.from(values, BigInt),
};

export class ModelFile {
  constructor(name, dtype = "F16") {
    this.name = name;
    this.dtype = dtype;
    this.metadata = { format: "pt" };
    /** Name → {values: Float64Array, shape, dtype}; values may still be changed. */
    this.tensors = new Map();
  }

  /** Uniform values of the given mean and standard deviation. */
  random(key, shape, deviation, mean = 0, dtype = this.dtype) {
    const seed = createHash("sha256").update(`patchbay-heldout/1:${this.name}:${key}`).digest().readBigUInt64LE();
    const values = stream(
      seed,
      shape.reduce((product, size) => product * size, 1),
    );
    const width = TWICE_ROOT_THREE * deviation;
    for (let i = 0; i < values.length; i++) values[i] = (values[i] - 0.5) * width + mean;
    this.put(key, values, shape, dtype);
  }

  put(key, values, shape, dtype = this.dtype) {
    this.tensors.set(key, { values: Float64Array.from(values), shape, dtype });
  }

  linear(key, outputs, inputs, gain = 1, bias = 0.05) {
    this.random(`${key}.weight`, [outputs, inputs], gain / Math.sqrt(inputs));
    if (bias !== undefined) this.random(`${key}.bias`, [outputs], bias);
  }

  conv(key, outputs, inputs, kernel, gain = 1, bias = 0.05) {
    this.random(`${key}.weight`, [outputs, inputs, kernel, kernel], gain / Math.sqrt(inputs * kernel * kernel));
    if (bias !== undefined) this.random(`${key}.bias`, [outputs], bias);
  }

  norm(key, channels, scale = 0.15, shift = 0.1) {
    this.random(`${key}.weight`, [channels], scale, 1);
    this.random(`${key}.bias`, [channels], shift);
  }

  /** The values of a tensor, to change in place. */
  values(key) {
    return this.tensors.get(key).values;
  }

  /** Writes the file; gives its sha256. */
  save(path) {
    const header = this.metadata ? { __metadata__: this.metadata } : {};
    const parts = [];
    let offset = 0;
    for (const key of [...this.tensors.keys()].sort()) {
      const { values, shape, dtype } = this.tensors.get(key);
      const data = encoders[dtype](values);
      header[key] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] };
      parts.push(new Uint8Array(data.buffer));
      offset += data.byteLength;
    }
    const text = Buffer.from(JSON.stringify(header));
    const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, " ")]);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(padded.length));
    const bytes = Buffer.concat([length, padded, ...parts]);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    return createHash("sha256").update(bytes).digest("hex");
  }
}
