import { describe, expect, it } from "vitest";
import { runNode } from "../testing/runNode.js";
import { caseConverter } from "./caseConverter.js";
import { jsonExtractString } from "./jsonExtractString.js";
import { stringCompare } from "./stringCompare.js";
import { stringConcatenate } from "./stringConcatenate.js";
import { stringContains } from "./stringContains.js";
import { stringLength } from "./stringLength.js";
import { stringReplace } from "./stringReplace.js";
import { stringSubstring } from "./stringSubstring.js";
import { stringTrim } from "./stringTrim.js";

/** Expected texts are what Python 3 gives. */
describe("texts", () => {
  it("are joined", async () => {
    expect(await runNode(stringConcatenate, { string_a: "a", string_b: "b", delimiter: ", " })).toEqual(["a, b"]);
  });

  it.each([
    [1, 3, "b😀"],
    [-2, 99, "😀d"],
    [0, -1, "ab😀"],
    [3, 1, ""],
    [-99, 1, "a"],
  ])("from %i to %i", async (start, end, expected) => {
    expect(await runNode(stringSubstring, { string: "ab😀d", start, end })).toEqual([expected]);
  });

  it("are counted by code points", async () => {
    expect(await runNode(stringLength, { string: "aä😀" })).toEqual([3]);
  });

  it.each([
    ["UPPERCASE", "ÉTUDE NO. 5 – THEY'RE SSA"],
    ["lowercase", "étude no. 5 – they're ßa"],
    ["Capitalize", "Étude no. 5 – they're ßa"],
    ["Title Case", "Étude No. 5 – They'Re Ssa"],
  ])("change to %s", async (mode, expected) => {
    expect(await runNode(caseConverter, { string: "éTude nO. 5 – they're ßa", mode })).toEqual([expected]);
  });

  it.each([
    ["Both", "a \n b"],
    ["Left", "a \n b\t\u3000"],
    ["Right", " \u0085\x1ca \n b"],
  ])("are trimmed: %s", async (mode, expected) => {
    expect(await runNode(stringTrim, { string: " \u0085\x1ca \n b\t\u3000", mode })).toEqual([expected]);
  });

  it("keep what only JavaScript takes for space, and trim long runs in no time", async () => {
    expect(await runNode(stringTrim, { string: "\ufeffa", mode: "Both" })).toEqual(["\ufeffa"]);
    const long = `a${" ".repeat(200_000)}b`;
    expect(await runNode(stringTrim, { string: long, mode: "Both" })).toEqual([long]);
  });

  it.each([
    ["b", "$&", "a$&c$&"],
    ["", "-", "-a-b-c-b-"],
    ["x", "y", "abcb"],
    ["b", "", "ac"],
  ])("with %j replaced by %j", async (find, replace, expected) => {
    expect(await runNode(stringReplace, { string: "abcb", find, replace })).toEqual([expected]);
  });

  it("contain and compare, whatever their case where asked", async () => {
    const contains = async (substring: string, case_sensitive: boolean): Promise<unknown> =>
      (await runNode(stringContains, { string: "A red House", substring, case_sensitive }))[0];
    expect([await contains("house", true), await contains("house", false), await contains("", true)]).toEqual([false, true, true]);
    const compare = async (mode: string, string_b: string, case_sensitive: boolean): Promise<unknown> =>
      (await runNode(stringCompare, { string_a: "A red House", string_b, mode, case_sensitive }))[0];
    expect(await compare("Starts With", "a RED", false)).toBe(true);
    expect(await compare("Starts With", "a RED", true)).toBe(false);
    expect(await compare("Ends With", "House", true)).toBe(true);
    expect(await compare("Equal", "a red house", false)).toBe(true);
    expect(await compare("Equal", "a red", false)).toBe(false);
  });
});

describe("JsonExtractString", () => {
  const json = `{"a": "x", "n": 1.5, "small": 1e-7, "big": 18446744073709551615, "yes": true, "no": null,
    "list": [1, "it's", "\\"", "\\n"], "map": {"k": null}}`;
  it.each([
    ["a", "x"],
    ["n", "1.5"],
    ["small", "1e-07"],
    ["big", "18446744073709551615"],
    ["yes", "True"],
    ["no", ""],
    ["list", `[1, "it's", '"', '\\n']`],
    ["map", "{'k': None}"],
    ["none", ""],
    ["__proto__", ""],
  ])("%s", async (key, expected) => {
    expect(await runNode(jsonExtractString, { json_string: json, key })).toEqual([expected]);
  });

  it.each(["[1]", "{", ""])("%j has no fields", async (json_string) => {
    expect(await runNode(jsonExtractString, { json_string, key: "a" })).toEqual([""]);
  });
});
