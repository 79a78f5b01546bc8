import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWeights } from "./shardedFiles.js";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "patchbay-store-"))));
afterAll(async () => rm(folder, { recursive: true }));

/** A file of tensors of any type, each by its bytes, laid out in order. */
async function fileOf(tensors: Readonly<Record<string, { dtype: string; shape: number[]; bytes: Uint8Array }>>): Promise<string> {
  let at = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => {
      return [name, { dtype, shape, data_offsets: [at, (at += bytes.length)] }];
    }),
  );
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, " ")]);
  const word = Buffer.alloc(8);
  word.writeBigUInt64LE(BigInt(padded.length));
  const path = join(folder, `${Object.keys(tensors).join("-")}.safetensors`);
  await writeFile(path, Buffer.concat([word, padded, ...Object.values(tensors).map(({ bytes }) => bytes)]));
  return path;
}

const bytesOf = (array: Float32Array | Float64Array | Uint16Array | BigInt64Array): Uint8Array => new Uint8Array(array.buffer);

test("engine weights of every type, wherever they lie", async () => {
  const path = await fileOf({
    flag: { dtype: "BOOL", shape: [1], bytes: Uint8Array.of(1) },
    crooked: { dtype: "F32", shape: [2], bytes: bytesOf(Float32Array.of(1.5, -2)) },
    crookedHalf: { dtype: "F16", shape: [1], bytes: bytesOf(Uint16Array.of(0x4200)) },
    fp8: { dtype: "F8_E4M3", shape: [3], bytes: Uint8Array.of(0x38, 0xb8, 0x7e) },
    other8: { dtype: "F8_E5M2", shape: [2], bytes: Uint8Array.of(0x3c, 0xc0) },
    pad: { dtype: "U8", shape: [0], bytes: new Uint8Array(0) },
    double: { dtype: "F64", shape: [], bytes: bytesOf(Float64Array.of(0.25)) },
    ids: { dtype: "I64", shape: [1], bytes: bytesOf(BigInt64Array.of(3n)) },
  });
  const store = await openWeights(path);
  const weights = await store.weights();
  expect(Object.fromEntries([...weights].map(([name, weight]) => [name, [weight.dtype, ...weight.read()]]))).toEqual({
    crooked: ["f32", 1.5, -2],
    crookedHalf: ["f16", 3],
    fp8: ["f16", 1, -1, 448],
    other8: ["f16", 1, -2],
    double: ["f32", 0.25],
  });
  expect((await store.under("crooked").weights()).get("Half")).toBe(weights.get("crookedHalf"));
});

test("names are renamed and left out; two of one name are refused", async () => {
  const path = await fileOf({
    "a.x": { dtype: "F32", shape: [1], bytes: bytesOf(Float32Array.of(1)) },
    "b.x": { dtype: "F32", shape: [1], bytes: bytesOf(Float32Array.of(2)) },
  });
  const store = await openWeights(path);
  expect([...store.under("a.").names]).toEqual(["x"]);
  expect(store.hasPrefix("b.")).toBe(true);
  expect(store.info("c")).toBeUndefined();
  expect(() => store.rename((name) => name.slice(2))).toThrowError(expect.objectContaining({ code: "WEIGHTS_INDEX" }));
});
