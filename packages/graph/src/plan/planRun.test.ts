import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Prompt } from "../comfy/prompt.js";
import { planRun, type PlanOptions } from "./planRun.js";

const outputs = new Set(["Save", "Show"]);

function plan(prompt: Prompt, changes: Partial<PlanOptions> = {}): { id: string; cacheKey: string }[] {
  return planRun(prompt, {
    targets: null,
    isOutputNode: (id) => outputs.has(prompt[id]!.class_type),
    hasInput: () => true,
    fingerprint: () => "",
    hash: (text) => createHash("sha256").update(text).digest("hex"),
    ...changes,
  });
}

const ids = (planned: readonly { id: string }[]): string[] => planned.map(({ id }) => id);
const node = (class_type: string, inputs: Prompt[string]["inputs"] = {}): Prompt[string] => ({ class_type, inputs });

describe("planRun", () => {
  /*
   *  1 ── 2 ── 3 (Save)
   *  └─── 4 ── 5 (Show)      6 (feeds nothing)
   */
  const fork: Prompt = {
    "6": node("Load"),
    "5": node("Show", { a: ["4", 0] }),
    "4": node("Blur", { a: ["1", 0], size: 3 }),
    "3": node("Save", { a: ["2", 0] }),
    "2": node("Blur", { a: ["1", 0], size: 2 }),
    "1": node("Load", { name: "x" }),
  };

  it("runs outputs as soon as they can, and nothing that none of them needs", () => {
    // Integer keys come in ascending order, so 3 is the first output.
    expect(ids(plan(fork))).toEqual(["1", "2", "3", "4", "5"]);
  });

  it("runs only the targets asked for", () => {
    expect(ids(plan(fork, { targets: ["5"] }))).toEqual(["1", "4", "5"]);
    expect(ids(plan(fork, { targets: ["2", "9", "5"] }))).toEqual(["1", "4", "5"]);
    for (const targets of [[], ["2"], ["9", "constructor"]]) {
      expect(() => plan(fork, { targets })).toThrow(expect.objectContaining({ code: "GRAPH_NO_OUTPUT" }));
    }
  });

  it("names a link from a node that is not there, and walks a node with very many links", () => {
    expect(() => plan({ "1": node("Save", { a: ["2", 0] }) })).toThrow(
      expect.objectContaining({ code: "GRAPH_LINK_INVALID", path: "nodes.1.inputs.a" }),
    );
    const prompt: Prompt = { out: node("Save") };
    for (let i = 0; i < 149_000; i++) {
      prompt[String(i)] = node("Load");
      prompt["out"]!.inputs[`a${i}`] = [String(i), 0];
    }
    expect(plan(prompt, { hash: (text) => text.slice(0, 20) })).toHaveLength(149_001);
  });

  it("prefers what is near an output", () => {
    /*  a ── b ── c ── d (Save)     e ── f (Show) */
    const chains: Prompt = {
      d: node("Save", { a: ["c", 0] }),
      c: node("X", { a: ["b", 0] }),
      b: node("X", { a: ["a", 0] }),
      a: node("X"),
      f: node("Show", { a: ["e", 0] }),
      e: node("X"),
    };
    expect(ids(plan(chains))).toEqual(["e", "f", "a", "b", "c", "d"]);
  });

  it("gives equal keys to equal nodes whatever their ids, and other keys to what differs anywhere before", () => {
    const keyOf = (prompt: Prompt, id: string, changes: Partial<PlanOptions> = {}): string =>
      plan(prompt, changes).find((each) => each.id === id)!.cacheKey;
    const renamed: Prompt = { x: fork["1"]!, y: node("Blur", { size: 2, a: ["x", 0] }), z: node("Save", { a: ["y", 0] }) };
    expect(keyOf(renamed, "z")).toBe(keyOf(fork, "3"));
    expect(keyOf({ ...renamed, x: node("Load", { name: "y" }) }, "z")).not.toBe(keyOf(fork, "3"));
    expect(keyOf({ ...renamed, y: node("Blur", { size: 2, a: ["x", 1] }) }, "z")).not.toBe(keyOf(fork, "3"));
    expect(keyOf(renamed, "z", { fingerprint: (id) => (id === "x" ? "changed" : "") })).not.toBe(keyOf(fork, "3"));
    expect(keyOf({ ...renamed, x: node("Load", { name: "x", extra: 1 }) }, "z", { hasInput: (_, name) => name !== "extra" })).toBe(
      keyOf(fork, "3"),
    );
  });

  it("tells a seed from the next beyond 2^53", () => {
    const key = (seed: bigint): string => plan({ "1": node("Save", { seed }) })[0]!.cacheKey;
    expect(key(2n ** 53n + 1n)).not.toBe(key(2n ** 53n + 2n));
  });

  it("names the nodes of a circle", () => {
    const circle: Prompt = { a: node("Save", { a: ["b", 0] }), b: node("X", { a: ["c", 0] }), c: node("X", { a: ["b", 0] }) };
    expect(() => plan(circle)).toThrow(expect.objectContaining({ code: "GRAPH_CYCLE" }));
  });

  it("plans 100 000 nodes that can all run at once", () => {
    const wide: Prompt = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [String(i), node("Save")]));
    expect(plan(wide).length).toBe(100_000);
  });

  it("plans a chain of 20 000 nodes", () => {
    const chain: Prompt = { "0": node("X") };
    for (let i = 1; i < 20_000; i++) chain[i] = node("X", { a: [String(i - 1), 0] });
    chain["20000"] = node("Save", { a: ["19999", 0] });
    expect(plan(chain).length).toBe(20_001);
  });
});
