import { describe, expect, test } from "vitest";
import type { Prompt } from "../comfy/prompt.js";
import { testCatalog } from "../testing/testCatalog.js";
import { setInputs, setSeeds } from "./setInputs.js";

const prompt: Prompt = {
  "1": { class_type: "Load", inputs: { file: "a" } },
  "2": {
    class_type: "Sample",
    inputs: { model: ["1", 0], seed: 5, steps: ["9", 0], sampler: "euler" },
    _meta: { title: "My sampler v1.0" },
  },
  "3": { class_type: "Text", inputs: { text: "a cat", clip: ["1", 1] } },
  "4": { class_type: "Text", inputs: { text: "blurry", clip: ["1", 1] } },
};

const set = (...overrides: string[]): Prompt => setInputs(prompt, overrides, testCatalog);

describe("setInputs", () => {
  test("names a node by id, title or type, replaces links, and leaves the prompt it was given alone", () => {
    expect(set("2.steps=30")["2"]!.inputs["steps"]).toBe(30);
    expect(set("My sampler v1.0.seed=18446744073709551615")["2"]!.inputs["seed"]).toBe(18446744073709551615n);
    expect(set("Sample.cfg=1e1", "Load.file=b=c.safetensors")).toMatchObject({
      "2": { inputs: { cfg: 10 } },
      "1": { inputs: { file: "b=c.safetensors" } },
    });
    expect(prompt["2"]!.inputs["steps"]).toEqual(["9", 0]);
  });

  test("a text stays a text, a file's name too, and an empty value is one", () => {
    expect(set("3.text=42")["3"]!.inputs["text"]).toBe("42");
    expect(set("3.text=")["3"]!.inputs["text"]).toBe("");
    expect(set("1.file=12")["1"]!.inputs["file"]).toBe("12");
    expect(set("2.steps=many")["2"]!.inputs["steps"]).toBe("many");
  });

  test.each([
    ["nonsense", "GRAPH_SET_SYNTAX", '"nonsense" is not NODE.INPUT=VALUE'],
    ["2=5", "GRAPH_SET_SYNTAX", "is not NODE.INPUT=VALUE"],
    ["Smaple.steps=1", "GRAPH_SET_NODE_UNKNOWN", 'The graph has no node "Smaple"; nearest: Sample'],
    ["Text.text=x", "GRAPH_SET_NODE_AMBIGUOUS", '"Text" fits the nodes 3, 4; name one by its id'],
    ["2.step=1", "GRAPH_SET_INPUT_UNKNOWN", 'Node "2" (Sample) has no input "step"; nearest: steps'],
  ])("%s is refused", (override, code, message) => {
    expect(() => set(override)).toThrowError(expect.objectContaining({ code, message: expect.stringContaining(message) as string }));
  });
});

test("setSeeds sets every seed that is a value", () => {
  const seeds: Prompt = {
    a: { class_type: "x", inputs: { seed: 1 } },
    b: { class_type: "x", inputs: { noise_seed: 2n ** 63n } },
    c: { class_type: "x", inputs: { seed: ["a", 0] } },
  };
  expect(setSeeds(seeds, 2n ** 64n - 1n)).toMatchObject({
    a: { inputs: { seed: 2n ** 64n - 1n } },
    b: { inputs: { noise_seed: 2n ** 64n - 1n } },
    c: { inputs: { seed: ["a", 0] } },
  });
  expect(setSeeds(seeds, 7n)["a"]!.inputs["seed"]).toBe(7);
  expect(() => setSeeds(seeds, 2n ** 64n)).toThrowError(expect.objectContaining({ code: "GRAPH_SEED_RANGE" }));
});
