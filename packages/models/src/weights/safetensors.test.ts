import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineError } from "@patchbay/engine";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseSafetensorsHeader } from "./safetensorsHeader.js";
import { openWeights } from "./shardedFiles.js";
import { decodeNumbers, widenFloat8 } from "./storageType.js";
import { openWeightFile } from "./weightFile.js";
import { writeSafetensors } from "./writeSafetensors.js";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "patchbay-weights-"))));
afterAll(async () => rm(folder, { recursive: true }));

let files = 0;
async function fileOf(bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, `${files++}.safetensors`);
  await writeFile(path, bytes);
  return path;
}

/** A file with this header text and this many bytes of data; `claim` is what the length word says. */
function raw(header: string, dataBytes: number, claim = BigInt(Buffer.byteLength(header))): Uint8Array {
  const word = Buffer.alloc(8);
  word.writeBigUInt64LE(claim);
  return Buffer.concat([word, Buffer.from(header), Buffer.alloc(dataBytes)]);
}

const entry = (shape: number[], from: number, to: number, dtype = "F32"): string =>
  JSON.stringify({ dtype, shape, data_offsets: [from, to] });

describe("safetensors", () => {
  test("what is written is read back", async () => {
    const path = await fileOf(
      writeSafetensors(
        {
          a: { dtype: "F32", shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
          "b.half": { dtype: "F16", shape: [2], data: Uint16Array.of(0x3c00, 0xc000) },
          "b.brain": { dtype: "BF16", shape: [1], data: Uint16Array.of(0x3fc0) },
          ids: { dtype: "I64", shape: [2], data: BigInt64Array.of(7n, -9n) },
          scalar: { dtype: "F32", shape: [], data: Float32Array.of(0.5) },
          nothing: { dtype: "F32", shape: [0, 4], data: new Float32Array(0) },
        },
        { made: "here" },
      ),
    );
    const store = await openWeights(path);
    expect(store.metadata).toEqual({ made: "here" });
    expect(store.info("a")).toMatchObject({ shape: [2, 3], dtype: "F32" });
    expect([...(await store.read("a"))]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...(await store.read("b.half"))]).toEqual([1, -2]);
    expect([...(await store.read("b.brain"))]).toEqual([1.5]);
    expect([...(await store.read("ids"))]).toEqual([7, -9]);
    expect([...(await store.read("scalar"))]).toEqual([0.5]);
    expect([...(await store.read("nothing"))]).toEqual([]);
    expect([...store.under("b.").names].sort()).toEqual(["brain", "half"]);
    await expect(store.read("c")).rejects.toMatchObject({ code: "WEIGHTS_MISSING" });
  });

  test.each<[string, Uint8Array | string, string]>([
    ["empty", "", "WEIGHTS_HEADER"],
    ["seven bytes", "abcdefg", "WEIGHTS_HEADER"],
    ["header longer than the file", raw("{}", 0, 1000n), "WEIGHTS_HEADER"],
    ["header length 2^64 - 1", raw("{}", 0, 2n ** 64n - 1n), "WEIGHTS_HEADER"],
    ["header length 0", raw("{}", 0, 0n), "WEIGHTS_HEADER"],
    ["not JSON", raw("{oops}", 0), "WEIGHTS_HEADER"],
    ["not UTF-8", Buffer.concat([raw("", 0, 4n), Buffer.from([0x22, 0xff, 0xfe, 0x22])]), "WEIGHTS_HEADER"],
    ["an array", raw("[1,2]", 0), "WEIGHTS_HEADER"],
    ["a number", raw("12345", 0), "WEIGHTS_HEADER"],
    ["deep nesting", raw(`{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`, 0), "WEIGHTS_HEADER"],
    ["name twice", raw(`{"a":${entry([1], 0, 4)},"b":${entry([1], 4, 8)}, "a" :${entry([1], 0, 4)}}`, 8), "WEIGHTS_HEADER"],
    ["name twice by escape", raw(`{"a":${entry([1], 0, 4)},"\\u0061":${entry([1], 0, 4)}}`, 8), "WEIGHTS_HEADER"],
    ["metadata not strings", raw('{"__metadata__":{"a":1}}', 0), "WEIGHTS_HEADER"],
    ["entry null", raw('{"a":null}', 0), "WEIGHTS_HEADER"],
    ["shape negative", raw(`{"a":${entry([-1], 0, 4)}}`, 8), "WEIGHTS_HEADER"],
    ["shape fraction", raw(`{"a":${entry([1.5], 0, 6)}}`, 8), "WEIGHTS_HEADER"],
    ["shape too large a number", raw('{"a":{"dtype":"F32","shape":[1e300],"data_offsets":[0,4]}}', 8), "WEIGHTS_HEADER"],
    ["rank", raw(`{"a":${entry(new Array<number>(40).fill(1), 0, 4)}}`, 8), "WEIGHTS_HEADER"],
    ["one offset", raw('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}', 8), "WEIGHTS_HEADER"],
    ["unknown type", raw(`{"a":${entry([1], 0, 4, "Q4_0")}}`, 8), "WEIGHTS_DTYPE"],
    ["type from the prototype", raw(`{"a":${entry([1], 0, 4, "toString")}}`, 8), "WEIGHTS_DTYPE"],
    ["past the end", raw(`{"a":${entry([4], 0, 16)}}`, 8), "WEIGHTS_BOUNDS"],
    ["backwards", raw(`{"a":${entry([1], 4, 0)}}`, 8), "WEIGHTS_BOUNDS"],
    ["shape larger than bytes", raw(`{"a":${entry([3], 0, 8)}}`, 8), "WEIGHTS_BOUNDS"],
    ["product wraps 64 bits", raw(`{"a":${entry([2 ** 32, 2 ** 32, 4], 0, 0)}}`, 8), "WEIGHTS_BOUNDS"],
    ["overlap", raw(`{"a":${entry([2], 0, 8)},"b":${entry([1], 4, 8)}}`, 8), "WEIGHTS_BOUNDS"],
    ["a PyTorch archive", Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), Buffer.alloc(60)]), "WEIGHTS_FORMAT"],
    ["a pickle", Buffer.concat([Buffer.from([0x80, 2]), Buffer.alloc(60, 0x55)]), "WEIGHTS_FORMAT"],
    ["a pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "WEIGHTS_FORMAT"],
  ])("refuses: %s", async (_name, bytes, code) => {
    await expect(openWeightFile(await fileOf(bytes))).rejects.toMatchObject({ code });
  });

  test("files that can't be read", async () => {
    await expect(openWeightFile(join(folder, "none.safetensors"))).rejects.toMatchObject({ code: "WEIGHTS_FILE" });
    await expect(openWeightFile(folder)).rejects.toMatchObject({ code: "WEIGHTS_FILE" });
  });

  test("a header larger than the cap is refused before it is read", async () => {
    const path = join(folder, "large.safetensors");
    const word = Buffer.alloc(8);
    word.writeBigUInt64LE(200_000_000n);
    await writeFile(path, word);
    const { truncate } = await import("node:fs/promises");
    await truncate(path, 300_000_000);
    await expect(openWeightFile(path)).rejects.toMatchObject({ code: "WEIGHTS_HEADER" });
  });

  test("no header makes the parser fail in another way", () => {
    const json = fc.oneof(
      fc.json(),
      fc
        .dictionary(
          fc.string(),
          fc.record(
            {
              dtype: fc.oneof(fc.constantFrom("F32", "F16", "I64", "F8_E4M3"), fc.string()),
              shape: fc.oneof(fc.array(fc.nat(9), { maxLength: 3 }), fc.anything()),
              data_offsets: fc.oneof(fc.tuple(fc.integer({ min: -2, max: 90 }), fc.integer({ min: -2, max: 90 })), fc.anything()),
            },
            { requiredKeys: [] },
          ),
        )
        .map((value) => JSON.stringify(value, (_key, each: unknown) => (typeof each === "bigint" ? Number(each) : each))),
      fc.string(),
    );
    fc.assert(
      fc.property(json, fc.nat(100), (text, dataBytes) => {
        try {
          const header = parseSafetensorsHeader(new TextEncoder().encode(text ?? ""), BigInt(dataBytes), "fuzz");
          for (const { start, byteLength } of header.tensors.values()) {
            expect(start >= 0n && start + BigInt(byteLength) <= BigInt(dataBytes)).toBe(true);
          }
        } catch (error) {
          if (!(error instanceof EngineError) || !error.code.startsWith("WEIGHTS_")) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("a damaged file is a named error or reads as what it says", async () => {
    const good = writeSafetensors({ a: { dtype: "F32", shape: [4], data: Float32Array.of(1, 2, 3, 4) } });
    const headerEnd = good.length - 16;
    for (let at = 0; at < headerEnd; at++) {
      const bad = good.slice();
      bad[at] = bad[at]! ^ (1 << (at % 7));
      const path = await fileOf(bad);
      const outcome = await openWeightFile(path).catch((error: unknown) => (error as EngineError).code);
      expect(typeof outcome === "string" ? outcome : "WEIGHTS_READ").toMatch(/^WEIGHTS_/);
    }
    for (let length = 0; length < good.length; length++) {
      const path = await fileOf(good.slice(0, length));
      await expect(openWeightFile(path)).rejects.toMatchObject({ code: expect.stringMatching(/^WEIGHTS_/) as string });
    }
  });

  test("fp8 widens exactly", () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const e4m3 = decodeNumbers(all, "F8_E4M3");
    expect([e4m3[0x38], e4m3[0x01], e4m3[0x07], e4m3[0x08], e4m3[0x7e], e4m3[0xb8]]).toEqual([1, 2 ** -9, 7 * 2 ** -9, 2 ** -6, 448, -1]);
    expect(e4m3[0x7f]).toBeNaN();
    const e5m2 = decodeNumbers(all, "F8_E5M2");
    expect([e5m2[0x3c], e5m2[0x01], e5m2[0x7b], e5m2[0x7c]]).toEqual([1, 2 ** -16, 57344, Infinity]);
    expect(widenFloat8(Uint8Array.of(0x38), "F8_E4M3")[0]).toBe(0x3c00);
  });

  test("sharded models: all shards, or what is wrong", async () => {
    const one = writeSafetensors({ a: { dtype: "F32", shape: [1], data: Float32Array.of(1) } });
    const two = writeSafetensors({ b: { dtype: "F32", shape: [1], data: Float32Array.of(2) } });
    await writeFile(join(folder, "m-1.safetensors"), one);
    await writeFile(join(folder, "m-2.safetensors"), two);
    const index = async (weight_map: unknown): Promise<string> => {
      const path = join(folder, `${files++}.safetensors.index.json`);
      await writeFile(path, JSON.stringify({ weight_map }));
      return path;
    };
    const store = await openWeights(await index({ a: "m-1.safetensors", b: "m-2.safetensors" }));
    expect([...(await store.read("b"))]).toEqual([2]);
    const bad = [{ a: "../m-1.safetensors" }, { a: "m-2.safetensors" }, {}, [], { a: 3 }, { a: "m-1.bin" }, { a: "..\\m.safetensors" }];
    for (const map of bad) await expect(openWeights(await index(map))).rejects.toMatchObject({ code: "WEIGHTS_INDEX" });
    await expect(openWeights(await index({ a: "m-9.safetensors" }))).rejects.toMatchObject({ code: "WEIGHTS_FILE" });
  });
});
