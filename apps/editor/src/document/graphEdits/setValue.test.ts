import type { DocumentNode, GraphDocument, JsonValue } from "@patchbay/graph";
import { describe, expect, test } from "vitest";
import { after, catalog, codeOf, graph, textToImage, wiresOf } from "../testing/graphs.js";
import { setValue } from "./setValue.js";

function setting(document: GraphDocument, node: string, input: string, value: JsonValue | undefined): DocumentNode {
  return after(document, setValue(document, catalog, node, input, value)).nodes[node] as DocumentNode;
}

describe("setValue", () => {
  test("sets what the input can hold", () => {
    const document = textToImage();
    expect(setting(document, "3", "steps", 20_000).inputs["steps"]).toBe(10_000);
    expect(setting(document, "3", "cfg", 7.456).inputs["cfg"]).toBe(7.46);
    expect(setting(document, "3", "seed", (1n << 64n) - 1n).inputs["seed"]).toBe((1n << 64n) - 1n);
    expect(setting(document, "5", "width", 517).inputs["width"]).toBe(520);
    expect(setting(document, "3", "steps", undefined).inputs).not.toHaveProperty("steps");
  });

  test("is empty when nothing changes", () => {
    expect(setValue(textToImage(), catalog, "3", "steps", 20.2)).toEqual([]);
  });

  test("refuses a field that is not there and a value of another kind", () => {
    const document = textToImage();
    expect(codeOf(() => setValue(document, catalog, "3", "nothing", 1))).toBe("EDITOR_VALUE_INVALID");
    expect(codeOf(() => setValue(document, catalog, "3", "model", 1))).toBe("EDITOR_VALUE_INVALID");
    expect(codeOf(() => setValue(document, catalog, "3", "steps", "many"))).toBe("EDITOR_VALUE_INVALID");
    expect(codeOf(() => setValue(document, catalog, "33", "steps", 1))).toBe("EDITOR_ID_UNKNOWN");
  });

  test("of a dynamic combo brings the inputs of the choice and takes those of the old one away, wires included", () => {
    const document = graph(
      {
        1: "PrimitiveInt",
        2: {
          type: "ResizeImageMaskNode",
          inputs: { resize_type: "scale dimensions", "resize_type.width": 640, "resize_type.height": 480 },
        },
      },
      ["1.INT -> 2.resize_type.width", "1.INT -> 2.resize_type.height"],
    );
    const operations = setValue(document, catalog, "2", "resize_type", "scale width");
    const done = after(document, operations);
    // "width" belongs to both choices.
    expect(done.nodes["2"]?.inputs).toEqual({ resize_type: "scale width", "resize_type.width": 640 });
    expect(wiresOf(done)).toEqual(["1.INT -> 2.resize_type.width"]);
    const longer = after(done, setValue(done, catalog, "2", "resize_type", "scale longer dimension"));
    expect(longer.nodes["2"]?.inputs).toEqual({ resize_type: "scale longer dimension", "resize_type.longer_size": 512 });
    expect(wiresOf(longer)).toEqual([]);
  });

  test("of a promoted input is the instance's, not the definition's", () => {
    const inner = graph({ 1: { type: "KSampler", inputs: { steps: 5 } } });
    const subgraphs = { abc: { name: "S", inputs: [], outputs: [], ...inner } as unknown as GraphDocument["subgraphs"][string] };
    const promoted = [
      { node: "1", input: "steps" },
      { node: "1", input: "cfg", value: 2 },
    ];
    const document = graph({ 7: { type: "abc", promoted } }, [], { subgraphs });
    expect(setting(document, "7", "1/steps", 12.4).promoted).toEqual([{ node: "1", input: "steps", value: 12 }, promoted[1]]);
    expect(setting(document, "7", "1/cfg", undefined).promoted).toEqual([promoted[0], { node: "1", input: "cfg" }]);
  });

  test("of a primitive keeps to the bounds of what it sets", () => {
    const document = graph({ 1: { type: "PrimitiveNode", inputs: { value: 5 } }, 2: "KSampler" }, ["1.#0 -> 2.steps"]);
    expect(setting(document, "1", "value", 99_999).inputs["value"]).toBe(10_000);
  });
});
