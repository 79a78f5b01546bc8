import type { Holding } from "@patchbay/nodes";
import { describe, expect, it } from "vitest";
import { ResultCache, type NodeResult } from "./resultCache.js";

const KIB = 1024;

/** A result of one array; an entry takes 1 KiB beside it. */
function array(bytes: number): NodeResult {
  return { outputs: [[{ data: new Uint8Array(bytes) }]], files: [] };
}

class Part implements Holding {
  disposed = 0;
  bytes: number;
  constructor(bytes: number) {
    this.bytes = bytes;
  }
  dispose(): void {
    this.disposed++;
    this.bytes = 0;
  }
}

function model(...parts: Part[]): NodeResult {
  return { outputs: [[{ holdings: parts }]], files: [] };
}

describe("ResultCache", () => {
  it("forgets what was not asked for the longest", () => {
    const cache = new ResultCache(4 * 12 * KIB);
    cache.set("a", array(3 * KIB));
    cache.set("b", array(3 * KIB));
    cache.set("c", array(3 * KIB));
    expect(cache.get("a")).toBeDefined();
    cache.set("d", array(3 * KIB));
    expect(["a", "b", "c", "d"].filter((key) => cache.get(key))).toEqual(["a", "c", "d"]);
    expect(cache.bytes).toBe(12 * KIB);
  });

  it("counts shared arrays once", () => {
    const cache = new ResultCache(100 * KIB);
    const shared = array(10 * KIB);
    cache.set("a", shared);
    cache.set("b", { outputs: [shared.outputs[0]!, shared.outputs[0]!], files: [] });
    expect(cache.bytes).toBe(12 * KIB);
    cache.delete("a");
    expect(cache.bytes).toBe(11 * KIB);
    cache.delete("b");
    expect(cache.bytes).toBe(0);
  });

  it("disposes of a model's part with its last user, and not of what others use", () => {
    const cache = new ResultCache(2 ** 30);
    const [weights, network, patched] = [new Part(5), new Part(5), new Part(5)];
    cache.set("base", model(network, weights));
    cache.set("lora", model(patched, weights));
    cache.delete("base");
    expect([network.disposed, weights.disposed, patched.disposed]).toEqual([1, 0, 0]);
    cache.delete("lora");
    expect([network.disposed, weights.disposed, patched.disposed]).toEqual([1, 1, 1]);
    expect(cache.parts).toBe(0);
  });

  it("does not dispose of what a run holds", () => {
    const cache = new ResultCache(0);
    const part = new Part(100);
    const result = model(part);
    const release = cache.hold(result);
    cache.set("a", result);
    expect([cache.size, part.disposed]).toEqual([0, 0]);
    release();
    expect([cache.parts, part.disposed]).toEqual([0, 1]);
  });

  it("drops models that grew beyond the bound when the next result comes", () => {
    const cache = new ResultCache(100 * KIB);
    const [first, second] = [new Part(0), new Part(0)];
    cache.set("first", model(first));
    cache.set("second", model(second));
    first.bytes = 60 * KIB;
    second.bytes = 60 * KIB;
    cache.set("a", array(1));
    expect([first.disposed, second.disposed]).toEqual([1, 0]);
  });

  it("lets arrays not push models out", () => {
    const cache = new ResultCache(100 * KIB);
    const part = new Part(60 * KIB);
    cache.set("model", model(part));
    for (let i = 0; i < 100; i++) cache.set(`${i}`, array(4 * KIB));
    expect(part.disposed).toBe(0);
    expect(cache.bytes).toBeLessThanOrEqual(60 * KIB + 25 * KIB);
  });

  it("gives everything up, and frees even what is in use", () => {
    const cache = new ResultCache(2 ** 30);
    const [kept, used] = [new Part(10), new Part(10)];
    cache.set("kept", model(kept));
    cache.set("array", array(100));
    const release = cache.hold(model(used));
    cache.giveUp();
    expect([cache.size, cache.bytes, kept.disposed, used.disposed]).toEqual([0, 0, 1, 1]);
    release();
  });

  it("has a bound of its own where none is given", () => {
    const cache = new ResultCache();
    for (let i = 0; i < 100; i++) cache.set(`${i}`, array(2 ** 25));
    expect(cache.bytes).toBeLessThanOrEqual(2 ** 30);
    expect(cache.size).toBeGreaterThan(0);
  });
});
