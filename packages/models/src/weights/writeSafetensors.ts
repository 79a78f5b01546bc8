import { EngineError } from "@patchbay/engine";

/** A tensor to write: fp32 values, or the bits of binary16 (F16) or bfloat16 (BF16), or signed integers. */
export interface TensorToWrite {
  readonly dtype: "F32" | "F16" | "BF16" | "I32" | "I64";
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint16Array | Int32Array | BigInt64Array;
}

const elementArrays = { F32: Float32Array, F16: Uint16Array, BF16: Uint16Array, I32: Int32Array, I64: BigInt64Array } as const;

/**
 * A safetensors file's bytes. Tensors are laid out in the order given, without holes; the header is padded with spaces so that data begins
 * at a multiple of 8 (https://github.com/huggingface/safetensors, "Format").
 * @throws WEIGHTS_HEADER when a tensor's data doesn't fit its shape and type
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, TensorToWrite>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    const elements = shape.reduce((product, size) => product * size, 1);
    if (!(data instanceof elementArrays[dtype]) || data.length !== elements || name === "__metadata__") {
      throw new EngineError(
        "WEIGHTS_HEADER",
        `could not write tensor "${name}": ${data.length} elements don't make ${dtype} [${shape.join(", ")}]`,
      );
    }
    header[name] = { dtype, shape, data_offsets: [at, at + data.byteLength] };
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    at += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const dataStart = Math.ceil((8 + json.length) / 8) * 8;
  const out = new Uint8Array(dataStart + at).fill(0x20, 8, dataStart);
  new DataView(out.buffer).setBigUint64(0, BigInt(dataStart - 8), true);
  out.set(json, 8);
  let end = dataStart;
  for (const part of parts) {
    out.set(part, end);
    end += part.length;
  }
  return out;
}
