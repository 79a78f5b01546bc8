// Reads safetensors files (and so .latent files) as fp64 arrays.
import { readFileSync } from "node:fs";

const readers = {
  F64: [8, (view, at) => view.getFloat64(at, true)],
  F32: [4, (view, at) => view.getFloat32(at, true)],
  I64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  I32: [4, (view, at) => view.getInt32(at, true)],
  U8: [1, (view, at) => view.getUint8(at)],
};

/** Name → { shape, data }; the marker tensor of .latent files is left out. */
export function readTensorFile(path) {
  const bytes = readFileSync(path);
  const headerBytes = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + headerBytes));
  const tensors = new Map();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__" || name === "latent_format_version_0") continue;
    const [size, read] = readers[entry.dtype] ?? [];
    if (!read) throw new Error(`${path}: "${name}" is of the type ${entry.dtype}, which isn't read here`);
    const [begin, end] = entry.data_offsets;
    const view = new DataView(bytes.buffer, bytes.byteOffset + 8 + headerBytes + begin, end - begin);
    tensors.set(name, { shape: entry.shape, data: Float64Array.from({ length: (end - begin) / size }, (_, i) => read(view, i * size)) });
  }
  return tensors;
}
