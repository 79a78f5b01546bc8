import { describe, expect, test } from "vitest";
import { toDocument } from "../document/parseDocument.js";
import { GraphError } from "../graphError.js";
import type { JsonObject, JsonValue } from "../json/jsonValue.js";
import { parseJson } from "../json/parseJson.js";
import { defaultLimits } from "../limits.js";
import { comfyNodes } from "../schema/comfyNodes.js";
import { fromPrompt, readPrompt } from "./fromPrompt.js";
import { isLink, unwrapLiteral, wrapLiteral } from "./prompt.js";
import { toPrompt } from "./toPrompt.js";

const catalog = comfyNodes();

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof GraphError) return `${error.code} ${error.path}`;
    throw error;
  }
  return "none";
}

test("a link is exactly a string and a number", () => {
  const values: JsonValue[] = [["1", 0], ["1", 0.5], ["1"], ["1", 0, 0], [1, 0], ["1", "0"], ["1", 1n], "1", null];
  expect(values.map((value) => isLink(value))).toEqual([true, true, false, false, false, false, false, false, false]);
});

test("lists are wrapped and unwrapped, everything else is left alone", () => {
  for (const value of [[], ["1", 0], [[1]], { a: [1] }, "x", 5, 7n, null, { __value__: 5 }, { __value__: [1], b: 2 }] as JsonValue[]) {
    expect(unwrapLiteral(wrapLiteral(value))).toEqual(value);
    if (!Array.isArray(value)) expect(wrapLiteral(value)).toBe(value);
  }
  expect(wrapLiteral(["1", 0])).toEqual({ __value__: ["1", 0] });
});

describe("readPrompt", () => {
  test("leaves is_changed out and everything else as it is", () => {
    const node: JsonObject = { class_type: "A", inputs: { a: 1 }, is_changed: ["x"], _meta: { title: "T", other: 1 }, more: true };
    expect(readPrompt({ 1: node, 2: { class_type: "B" } })).toEqual({
      1: { class_type: "A", inputs: { a: 1 }, _meta: { title: "T", other: 1 }, more: true },
      2: { class_type: "B", inputs: {} },
    });
  });

  test.each<[string, JsonValue, string]>([
    ["a list", [], "GRAPH_PROMPT_INVALID "],
    ["an empty id", { "": { class_type: "A" } }, "GRAPH_PROMPT_INVALID "],
    ["a node that is none", { 1: [] }, "GRAPH_PROMPT_INVALID 1"],
    ["inputs that are none", { 1: { class_type: "A", inputs: [] } }, "GRAPH_PROMPT_INVALID 1.inputs"],
    ["a node without class_type", { 1: { inputs: {} } }, "GRAPH_PROMPT_INVALID 1.class_type"],
    ["an empty class_type", { 1: { class_type: "" } }, "GRAPH_PROMPT_INVALID 1.class_type"],
    ["a link from nothing", { 1: { class_type: "A", inputs: { a: ["", 0] } } }, "GRAPH_PROMPT_INVALID 1.inputs.a.0"],
  ])("refuses %s", (_, value, wanted) => {
    expect(code(() => readPrompt(value))).toBe(wanted);
  });

  test("refuses more nodes and links than the limits allow", () => {
    const two: JsonObject = { 1: { class_type: "A" }, 2: { class_type: "A", inputs: { a: ["1", 0], b: ["1", 1] } } };
    expect(code(() => readPrompt(two, { ...defaultLimits, maxNodes: 1 }))).toBe("GRAPH_TOO_LARGE ");
    expect(code(() => readPrompt(two, { ...defaultLimits, maxLinks: 1 }))).toBe("GRAPH_TOO_LARGE ");
    expect(code(() => readPrompt(two, { ...defaultLimits, maxNodes: 2, maxLinks: 2 }))).toBe("none");
  });
});

describe("fromPrompt", () => {
  const prompt: JsonObject = {
    9: { class_type: "SaveImage", inputs: { images: ["12:4", 0], filename_prefix: "x" }, _meta: { title: "Out", note: 1 }, hint: [1] },
    "12:4": { class_type: "ImageCompositeMasked", inputs: { source: ["3", 0], mask: ["3", 1], x: 18446744073709551615n } },
    3: { class_type: "LoadImage", inputs: { image: "a.png", list: { __value__: ["3", 0] }, __proto__x: 1 } },
    5: { class_type: "Unknown", inputs: { a: ["3", 0], b: ["77", 2], c: ["9", 3] } },
  };

  test("names outputs where the catalog knows them, and lays nodes out", () => {
    const { edges, nodes } = fromPrompt(prompt, catalog);
    expect(Object.values(edges).map(({ from }) => `${from.node}.${from.output}`)).toEqual([
      "3.IMAGE",
      "77.#2",
      "9.#3",
      "12:4.IMAGE",
      "3.IMAGE",
      "3.MASK",
    ]);
    expect(nodes["3"]?.inputs["list"]).toEqual(["3", 0]);
    expect(nodes["3"]?.position[0]).toBeLessThan(nodes["12:4"]?.position[0] as number);
    expect(nodes["9"]?.title).toBe("Out");
  });

  test("gives a valid document, and the same prompt back, virtual types and new titles apart", () => {
    const document = fromPrompt(prompt, catalog);
    expect(toDocument(document as unknown as JsonValue)).toBe(document);
    const back = toPrompt(document, catalog);
    expect(back["9"]).toEqual(prompt["9"]);
    for (const id of Object.keys(prompt)) expect(back[id]?.inputs).toEqual((prompt[id] as JsonObject)["inputs"]);
    expect(toPrompt(fromPrompt(prompt, {}), catalog)["12:4"]?.inputs).toEqual((prompt["12:4"] as JsonObject)["inputs"]);
  });

  test("ids and inputs called __proto__ are ids and inputs like any others", () => {
    const odd = parseJson(
      '{"__proto__":{"class_type":"A","inputs":{"__proto__":1}},"1":{"class_type":"A","inputs":{"a":["__proto__",0]}}}',
    );
    const back = toPrompt(fromPrompt(odd, catalog), catalog);
    expect(Object.keys(back)).toEqual(["1", "__proto__"]);
    expect(Object.keys(Object.getOwnPropertyDescriptor(back, "__proto__")?.value.inputs as JsonObject)).toEqual(["__proto__"]);
  });
});
