import { describe, expect, it } from "vitest";
import { runNode } from "../testing/runNode.js";
import { testContext } from "../testing/testContext.js";
import { pythonRegex } from "./pythonRegex.js";
import { regexExtract } from "./regexExtract.js";
import { regexMatch } from "./regexMatch.js";
import { regexReplace } from "./regexReplace.js";

const plain = { caseInsensitive: false, multiline: false, dotall: false };
const switches = { case_insensitive: true, multiline: false, dotall: false };

/** What is found, all matches; expected values are what Python's re.finditer gives. */
function found(pattern: string, text: string, flags: Partial<typeof plain> = {}): string[] {
  return Array.from(text.matchAll(pythonRegex(pattern, { ...plain, ...flags })), ([match]) => match);
}

describe("pythonRegex", () => {
  it.each<[string, string, string[]]>([
    ["b+", "abba", ["bb"]],
    ["^a|b$", "ab\nab\n", ["a", "b"]],
    ["b\\Z", "ab\nab", ["b"]],
    ["\\Aa", "aa", ["a"]],
    ["a.c", "a\nc a\rc abc", ["a\rc", "abc"]],
    ["(?P<q>['\"]).*?(?P=q)", `say "a'b" 'c'`, [`"a'b"`, "'c'"]],
    ["(a)\\1", "aa aba", ["aa"]],
    ["\\w+", "naïve_1 日本, x", ["naïve_1", "日本", "x"]],
    ["\\bé\\b", "é aé é", ["é", "é"]],
    ["\\Bb", "b ab", ["b"]],
    ["\\d+", "12 ٣", ["12", "٣"]],
    ["\\S+", "a\u3000b", ["a", "b"]],
    ["[\\w-]+", "a-b c", ["a-b", "c"]],
    ["[^\\W\\d]+", "a1b", ["a", "b"]],
    ["[]a]+", "a]b", ["a]"]],
    ["[^]a]+", "b]c", ["b", "c"]],
    ["[a-c^-]+", "ab^-z", ["ab^-"]],
    ["[&&()|{}]+", "a&&(|){}", ["&&(|){}"]],
    ["a{,2}b", "aaab", ["aab"]],
    ["a{,}b", "aaab", ["aaab"]],
    ["a{2}", "aaa", ["aa"]],
    ["{a}", "{a}", ["{a}"]],
    ["a{2,}?", "aaaa", ["aa", "aa"]],
    ["(?i)A", "aA", ["a", "A"]],
    ["(?s).", "\n", ["\n"]],
    ["(?:a|b)(?=c)(?!d)", "ac bd", ["a"]],
    ["(?<=a)b(?<!x)", "ab", ["b"]],
    ["a(?#note)b", "ab", ["ab"]],
    ["\\x41\\u0042\\U0001F600", "AB😀", ["AB😀"]],
    ["\\.\\-\\/\\#", ".-/#", [".-/#"]],
    ["[\\b]", "\b", ["\b"]],
    [".", "😀", ["😀"]],
    ["x*", "axb", ["", "x", "", ""]],
    ["/", "a/b", ["/"]],
  ])("%s in %j", (pattern, text, expected) => {
    expect(found(pattern, text)).toEqual(expected);
  });

  it("has lines where told so", () => {
    expect(found("^.+$", "a\nb\n", { multiline: true })).toEqual(["a", "b"]);
    expect(found("a.b", "a\nb", { dotall: true })).toEqual(["a\nb"]);
    expect(found("É", "é", { caseInsensitive: true })).toEqual(["é"]);
  });

  it.each(["(", "a**", "a++", "[b-a]", "(?x)a", "(?i:a)", "(?>a)", "(a)(?(1)b)", "\\y", "a\\", "\\2", "[", "(?P=no)"])(
    "refuses %s",
    (pattern) => {
      expect(() => pythonRegex(pattern, plain)).toThrow(expect.objectContaining({ code: "NODE_PATTERN" }));
    },
  );
});

describe("RegexMatch", () => {
  it("says whether something is found; nothing, with a warning, by a pattern that can't be read", async () => {
    const warnings: string[] = [];
    const context = testContext({ warn: (message) => void warnings.push(message) });
    const matches = async (regex_pattern: string): Promise<unknown> =>
      (await regexMatch.run({ string: "Abc", regex_pattern, ...switches }, context))[0];
    expect([await matches("B"), await matches("^b"), await matches("(")]).toEqual([true, false, false]);
    expect(warnings).toEqual([expect.stringContaining('"("')]);
  });
});

describe("RegexExtract", () => {
  const extract = async (regex_pattern: string, mode: string, group_index = 1): Promise<unknown> =>
    (await runNode(regexExtract, { string: "a=1, B=2, c=", regex_pattern, mode, ...switches, group_index }))[0];

  it.each([
    ["First Match", "[a-z]=\\d", 1, "a=1"],
    ["First Match", "x", 1, ""],
    ["All Matches", "[a-z]=\\d", 1, "a=1\nB=2"],
    ["All Matches", "([a-z])=(\\d)?", 1, "a\nB\nc"],
    ["First Group", "([a-z])=(\\d)", 2, "1"],
    ["First Group", "([a-z])=(\\d)", 0, "a=1"],
    ["First Group", "([a-z])=(\\d)", 3, ""],
    ["All Groups", "([a-z])=(\\d)", 2, "1\n2"],
    ["All Groups", "[a-z]=\\d", 0, ""],
    ["All Groups", "(", 1, ""],
  ])("%s of %s, group %i", async (mode, pattern, group, expected) => {
    expect(await extract(pattern, mode, group)).toBe(expected);
  });
});

describe("RegexReplace", () => {
  const replace = async (regex_pattern: string, replacement: string, more: Record<string, unknown> = {}): Promise<unknown> =>
    (await runNode(regexReplace, { string: "abxd", regex_pattern, replace: replacement, ...more }))[0];

  it.each([
    ["x*", "-", {}, "-a-b--d-"],
    ["(?P<l>[AB])", "<\\g<l>\\1\\g<0>\\\\$1\\n>", {}, "<aaa\\$1\n><bbb\\$1\n>xd"],
    ["[a-z]", "", { count: 2 }, "xd"],
    ["A", "z", { case_insensitive: false }, "abxd"],
    ["(y)?a", "[\\1]", {}, "[]bxd"],
  ])("%s by %s", async (pattern, replacement, more, expected) => {
    expect(await replace(pattern, replacement, more)).toBe(expected);
  });

  it("refuses patterns and replacements that can't be read", async () => {
    for (const [pattern, replacement] of [
      ["(", ""],
      ["a", "\\1"],
      ["a", "\\g<x>"],
    ] as const)
      await expect(replace(pattern, replacement)).rejects.toMatchObject({ code: "NODE_PATTERN" });
  });
});
