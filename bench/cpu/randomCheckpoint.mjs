// A checkpoint with the sizes of a real model and random fp16 weights: speed and memory don't depend on their values.
import { closeSync, existsSync, openSync, renameSync, writeSync } from "node:fs";

let state = 1;

/** fp16 values, each of a random sign and fraction at the power of two near 1/√(fan in): what keeps activations near 1. */
export function randomHalves(count, fanIn) {
  const exponent = Math.max(1, 15 + Math.round(Math.log2(1 / Math.sqrt(fanIn))));
  const halves = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    halves[i] = ((state >>> 16) & 0x83ff) | (exponent << 10);
  }
  return halves;
}

/** Writes `path` unless it is there. */
export function writeRandomCheckpoint(path, layout) {
  if (existsSync(path)) return;
  const header = {};
  let offset = 0;
  for (const [name, shape] of layout) {
    const bytes = 2 * shape.reduce((product, size) => product * size, 1);
    header[name] = { dtype: "F16", shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  const json = JSON.stringify(header);
  const text = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8)); // data aligned, as all writers of the format do
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = openSync(`${path}.part`, "w");
  writeSync(file, length);
  writeSync(file, text);
  for (const [name, shape] of layout) {
    const count = shape.reduce((product, size) => product * size, 1);
    const halves =
      shape.length === 1 ? new Uint16Array(count).fill(name.endsWith(".weight") ? 0x3c00 : 0) : randomHalves(count, count / shape[0]);
    writeSync(file, new Uint8Array(halves.buffer));
  }
  closeSync(file);
  renameSync(`${path}.part`, path);
}
