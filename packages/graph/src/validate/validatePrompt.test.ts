import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Prompt } from "../comfy/prompt.js";
import type { JsonObject } from "../json/jsonValue.js";
import { testCatalog } from "../testing/testCatalog.js";
import { validatePrompt } from "./validatePrompt.js";

const sample: JsonObject = { model: ["1", 0], seed: 5, steps: 20, cfg: 7.5, sampler: "euler" };

function graph(inputs: JsonObject = {}, more: Prompt = {}): Prompt {
  return {
    "1": { class_type: "Load", inputs: { file: "a.safetensors" } },
    "2": { class_type: "Sample", inputs: { ...sample, ...inputs } },
    "3": { class_type: "Save", inputs: { latent: ["2", 0], prefix: "out" } },
    ...more,
  };
}

function found(prompt: Prompt): string[] {
  return validatePrompt(prompt, testCatalog).problems.map(({ code, path, message }) => `${code} ${path}: ${message}`);
}

describe("validatePrompt", () => {
  test("a good graph has no problems, and its literals get their types", () => {
    const { problems, prompt } = validatePrompt(graph({ steps: " 1_2 ", cfg: "7.5e0", seed: 18446744073709551615n }), testCatalog);
    expect(problems).toEqual([]);
    expect(prompt["2"]!.inputs).toEqual({ ...sample, steps: 12, cfg: 7.5, seed: 18446744073709551615n });
    expect(validatePrompt(graph({ steps: 20.7, cfg: true }), testCatalog).prompt["2"]!.inputs).toMatchObject({ steps: 20, cfg: 1 });
  });

  test("everything wrong is found at once, each with its place, the value and what would be right", () => {
    const prompt = graph(
      { seed: -1, steps: "many", cfg: 101, sampler: "eular", model: ["9", 0] },
      {
        "3": { class_type: "Save", inputs: { latent: ["1", 1] } },
        "4": { class_type: "Smaple", inputs: {} },
        "5": { class_type: "Save", inputs: { latent: ["2", 3], prefix: "x" } },
      },
    );
    expect(found(prompt)).toEqual([
      'GRAPH_LINK_INVALID nodes.2.inputs.model: The link comes from node "9", which the graph does not have',
      "GRAPH_VALUE_TOO_SMALL nodes.2.inputs.seed: -1 is below the least value, 0",
      'GRAPH_VALUE_TYPE nodes.2.inputs.steps: "many" is not an integer',
      "GRAPH_VALUE_TOO_LARGE nodes.2.inputs.cfg: 101 is above the largest value, 100",
      'GRAPH_VALUE_NOT_AN_OPTION nodes.2.inputs.sampler: "eular" is not one of the options: "euler", "heun", "dpm_2"',
      'GRAPH_LINK_TYPE nodes.3.inputs.latent: The link brings CLIP from "CLIP" of node "1" (Load); the input takes LATENT',
      'GRAPH_INPUT_MISSING nodes.3.inputs.prefix: The input is missing: it takes a value of type STRING, such as "out"',
      'GRAPH_NODE_UNKNOWN nodes.4: There is no node "Smaple" here; nearest: "Sample"',
      'GRAPH_LINK_INVALID nodes.5.inputs.latent: The link comes from output 3 of node "2" (Sample), which has outputs 0 to 0',
    ]);
  });

  test("a node that no output needs may be unfinished; a node of ComfyUI's that is missing is called that", () => {
    expect(found(graph({}, { "8": { class_type: "Text", inputs: {} } }))).toEqual([]);
    const { problems } = validatePrompt(graph({}, { "8": { class_type: "Other", inputs: {} } }), testCatalog, {
      known: { Other: testCatalog["Load"]! },
    });
    expect(problems.map(({ message }) => message)).toEqual([
      'The node "Other" of ComfyUI is not there in Patchbay yet: take it out or use another',
    ]);
  });

  test("lists that are no links, and group nodes of old", () => {
    for (const list of [["1"], [1, 0], [], ["1", "0"]] as JsonObject[string][]) {
      const problems = validatePrompt(graph({ model: list, steps: list }), testCatalog).problems;
      expect(problems.map(({ code, input }) => `${code} ${input}`)).toEqual(["GRAPH_LINK_INVALID model", "GRAPH_LINK_INVALID steps"]);
      expect(problems[0]!.message).toContain('a link is ["node id", output number]');
    }
    expect(found(graph({}, { "9": { class_type: "workflow>Sharpen", inputs: {} } }))).toEqual([
      expect.stringContaining('nodes.9: "workflow>Sharpen" is a group node of 2024, which subgraphs have replaced'),
    ]);
  });

  test("a value where only a link fits, options of a list, unions and any", () => {
    expect(found(graph({ model: "file" }))).toEqual([
      'GRAPH_VALUE_TYPE nodes.2.inputs.model: "file" is a value; the input takes only a link of type MODEL',
    ]);
    const flag: Prompt = { "6": { class_type: "Flag", inputs: { on: "yes", any: ["1", 0] } } };
    expect(found(graph({ steps: ["6", 0] }, flag))).toEqual([]);
    expect(found(graph({ model: ["6", 0] }, flag))).toHaveLength(1);
    const choose = (names: JsonObject[string]): Prompt => ({ "7": { class_type: "Choose", inputs: { names } } });
    const save: Prompt = { "3": { class_type: "Save", inputs: { latent: ["2", 0], prefix: ["7", 0] } } };
    expect(found(graph({}, { ...choose({ __value__: ["a", "c"] }), ...save }))).toEqual([]);
    expect(found(graph({}, { ...choose({ __value__: ["a", "d"] }), ...save }))[0]).toContain(
      '"d" is not one of the options: "a", "b", "c"',
    );
  });

  test("circles, nothing to run, and too much", () => {
    const circle: Prompt = {
      a: { class_type: "Pass", inputs: { any: ["b", 0] } },
      b: { class_type: "Pass", inputs: { any: ["a", 0] } },
      "3": { class_type: "Save", inputs: { latent: ["a", 0], prefix: "" } },
    };
    expect(found(circle)).toEqual(["GRAPH_CYCLE nodes.a: The links of the nodes a ← b ← a run in a circle; one of them must go"]);
    expect(found({ "1": graph()["1"]! })[0]).toContain("GRAPH_NO_OUTPUT");
    const limits = { maxBytes: 1, maxDepth: 1, maxNodes: 2, maxLinks: 9, maxSubgraphDepth: 1 };
    expect(validatePrompt(graph(), testCatalog, { limits }).problems.map(({ code }) => code)).toEqual(["GRAPH_TOO_LARGE"]);
  });

  test("many unknown names take little time", () => {
    const prompt: Prompt = {};
    for (let i = 0; i < 20_000; i++) prompt[String(i)] = { class_type: `Smaple${i}`, inputs: {} };
    const start = performance.now();
    const problems = found(prompt);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(problems).toHaveLength(20_000);
    expect(problems[0]).toContain('nearest: "Sample"');
    expect(problems.at(-1)).toBe('GRAPH_NODE_UNKNOWN nodes.19999: There is no node "Smaple19999" here');
  });

  test("a chain of 100 000 nodes is walked without a deep stack", () => {
    const prompt: Prompt = { "0": graph()["1"]! };
    for (let i = 1; i < 100_000; i++) prompt[String(i)] = { class_type: "Pass", inputs: { any: [String(i - 1), 0] } };
    prompt["save"] = { class_type: "Save", inputs: { latent: ["99999", 0], prefix: "" } };
    expect(found(prompt)).toEqual([]);
    prompt["1"]!.inputs = { any: ["99999", 0] };
    expect(found(prompt)[0]).toContain("GRAPH_CYCLE");
  });

  test("never throws, whatever the inputs hold", () => {
    const literal = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom(null, true, NaN, -0, 2n ** 70n),
        fc.double(),
        fc.string(),
        tie("list"),
        tie("object"),
      ),
      list: fc.array(tie("value"), { maxLength: 3 }),
      object: fc.dictionary(fc.constantFrom("__value__", "__proto__", "a"), tie("value"), { maxKeys: 2 }),
    })).value;
    const node = fc.record({
      class_type: fc.constantFrom(...Object.keys(testCatalog), "constructor", "__proto__"),
      inputs: fc.dictionary(fc.constantFrom("model", "seed", "steps", "sampler", "any", "on", "names", "latent", "prefix"), literal),
    });
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("1", "2", "3", "constructor"), node), (prompt) => {
        const { problems } = validatePrompt(prompt as Prompt, testCatalog);
        for (const { message } of problems) expect(message.length).toBeLessThan(600);
      }),
      { numRuns: 300 },
    );
  });
});
