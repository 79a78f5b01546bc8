import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GraphError } from "../graphError.js";
import { jsonEqual, quote } from "./jsonValue.js";
import type { JsonValue } from "./jsonValue.js";
import { parseJson, parsePythonJson } from "./parseJson.js";
import { stringifyJson } from "./stringifyJson.js";

const { value: jsonArbitrary } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.bigInt().filter((n) => n > 9007199254740991n || n < -9007199254740991n),
    fc.string({ unit: "binary" }),
    fc.array(tie("value")),
    fc.dictionary(fc.string(), tie("value")) as fc.Arbitrary<JsonValue>,
  ),
}));

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof GraphError) return error.code;
    throw error;
  }
  return "none";
};

describe("parseJson", () => {
  test("keeps integers beyond 2^53 exactly and the others as numbers", () => {
    expect(parseJson("18446744073709551615")).toBe(18446744073709551615n);
    expect(parseJson("-9007199254740993")).toBe(-9007199254740993n);
    expect(parseJson("9007199254740991")).toBe(9007199254740991);
    expect(parseJson("9007199254740993.0")).toBe(9007199254740992);
    expect(parseJson("[1, 2.5, 1e3, -0]")).toEqual([1, 2.5, 1000, -0]);
  });

  test("keeps the last of duplicate keys and takes __proto__ as an ordinary key", () => {
    expect(parseJson('{"a":1,"a":2}')).toEqual({ a: 2 });
    const value = parseJson('{"__proto__":{"polluted":1}}') as object;
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect((value as { polluted?: number }).polluted).toBeUndefined();
    expect(stringifyJson(value as JsonValue)).toBe('{"__proto__":{"polluted":1}}');
  });

  test("reads what Python writes only when asked to", () => {
    expect(parsePythonJson('{"a": NaN, "b": [Infinity, -Infinity]}')).toEqual({ a: Number.NaN, b: [Infinity, -Infinity] });
    expect(codeOf(() => parseJson("NaN"))).toBe("GRAPH_JSON_SYNTAX");
    expect(codeOf(() => parseJson("1e400"))).toBe("GRAPH_JSON_NUMBER");
    expect(parsePythonJson("1e400")).toBe(Infinity);
  });

  test("is bounded in bytes, depth and digits", () => {
    expect(codeOf(() => parseJson("[1,2,3]", { maxBytes: 6 }))).toBe("GRAPH_TOO_LARGE");
    expect(parseJson(`${"[".repeat(512)}${"]".repeat(512)}`)).toHaveLength(1);
    expect(codeOf(() => parseJson("[".repeat(513)))).toBe("GRAPH_TOO_DEEP");
    expect(codeOf(() => parseJson('{"a":'.repeat(100_000)))).toBe("GRAPH_TOO_DEEP");
    expect(codeOf(() => parseJson("9".repeat(1_000_000)))).toBe("GRAPH_JSON_NUMBER");
    expect(codeOf(() => parseJson(new Uint8Array([0xff, 0xfe])))).toBe("GRAPH_TEXT_INVALID");
  });

  test.each([
    ["", "line 1 column 1"],
    ["[1,]", "line 1 column 4"],
    ['{"a":1,\n "b" 2}', "line 2 column 6"],
    ["[01]", "line 1 column 3"],
    ["[1] x", "line 1 column 5"],
    ['"a\nb"', "line 1 column 3"],
    ['"\\x"', "line 1 column 2"],
    ["{1:2}", "line 1 column 2"],
    ["-", "line 1 column 2"],
    ["1.", "line 1 column 3"],
    ["tru", "line 1 column 1"],
  ])("says where %j goes wrong", (text, place) => {
    try {
      parseJson(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(GraphError);
      expect((error as GraphError).code).toBe("GRAPH_JSON_SYNTAX");
      expect((error as GraphError).path).toBe(place);
    }
  });

  test("agrees with JSON.parse on everything JSON.parse can hold", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/\d{16}/.test(text));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test("throws nothing but GraphError on mutated text", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 3 }), (text, where, piece) => {
        const at = where % (text.length + 1);
        codeOf(() => parseJson(text.slice(0, at) + piece + text.slice(at + 1)));
        codeOf(() => parsePythonJson(text.slice(0, at)));
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void codeOf(() => parseJson(bytes))));
  });

  test("reads a graph of 5 MB", () => {
    const node = {
      class_type: "KSampler",
      inputs: { seed: 18446744073709551615n, steps: 20, cfg: 7.5, text: 'a "long" prompt\n'.repeat(8), model: ["4", 0] },
    };
    const graph: Record<string, JsonValue> = {};
    for (let i = 0; i < 24_000; i++) graph[String(i)] = node as unknown as JsonValue;
    const text = stringifyJson(graph);
    expect(text.length).toBeGreaterThan(5_000_000);
    const back = parseJson(text) as Record<string, JsonValue>;
    expect(back["7"]).toEqual(node);
  });
});

describe("stringifyJson", () => {
  test("gives back any value exactly", () => {
    fc.assert(
      fc.property(
        jsonArbitrary,
        fc.record({ indent: fc.constantFrom(0, 2), ascii: fc.boolean(), python: fc.boolean(), sortKeys: fc.boolean() }),
        (value, options) => {
          const back = parseJson(stringifyJson(value, options));
          expect(back).toEqual(value);
          expect(jsonEqual(back, value)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("equals JSON.stringify for plain values", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        // Integers beyond 2^53 are written as doubles, with an exponent.
        fc.pre(!/\d{16}/.test(text) && !text.includes("e") && stringifyJson(JSON.parse(text) as JsonValue) !== "-0");
        const plain = JSON.parse(text) as JsonValue;
        expect(stringifyJson(plain)).toBe(JSON.stringify(plain));
      }),
    );
    expect(stringifyJson({ a: [1, "x"], b: {} }, { indent: 2 })).toBe(JSON.stringify({ a: [1, "x"], b: {} }, null, 2));
  });

  test("writes ASCII and Python's separators when asked to", () => {
    expect(stringifyJson({ é: "\u{1f600}", b: [1, 2] }, { ascii: true, python: true })).toBe('{"\\u00e9": "\\ud83d\\ude00", "b": [1, 2]}');
    expect(stringifyJson({ b: 1, a: 2 }, { sortKeys: true })).toBe('{"a":2,"b":1}');
    expect(stringifyJson([Number.NaN], { python: true })).toBe("[NaN]");
  });

  test("refuses what JSON cannot say", () => {
    expect(codeOf(() => stringifyJson(Number.NaN))).toBe("GRAPH_JSON_UNSERIALIZABLE");
    expect(codeOf(() => stringifyJson((() => 1) as unknown as JsonValue))).toBe("GRAPH_JSON_UNSERIALIZABLE");
    const circle: JsonValue[] = [];
    circle.push(circle);
    expect(codeOf(() => stringifyJson(circle))).toBe("GRAPH_TOO_DEEP");
    expect(stringifyJson({ a: undefined as unknown as JsonValue, b: 1 })).toBe('{"b":1}');
  });
});

test("quote cuts long values and survives any", () => {
  expect(quote({ a: [1n, "x"] })).toBe('{"a": [1, "x"]}');
  expect(quote("y".repeat(500)).length).toBe(80);
  expect(quote(undefined)).toBe("undefined");
});
