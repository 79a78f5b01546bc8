import { describe, expect, test } from "vitest";
import { emptyDocument } from "../document/graphDocument.js";
import type { DocumentNode, GraphDocument, SubgraphDefinition } from "../document/graphDocument.js";
import { GraphError } from "../graphError.js";
import type { JsonObject, JsonValue } from "../json/jsonValue.js";
import { defaultLimits } from "../limits.js";
import { comfyNodes } from "../schema/comfyNodes.js";
import { fromWorkflow } from "./fromWorkflow.js";
import { fillDefaults, toPrompt } from "./toPrompt.js";
import { toWorkflow } from "./toWorkflow.js";

const catalog = comfyNodes();

type Ends = [from: string, output: string, to: string, input: string];

function parts(nodes: Record<string, DocumentNode>, ends: Ends[]): Pick<GraphDocument, "nodes" | "edges" | "frames" | "reroutes"> {
  const edges = ends.map(([from, output, to, input], i) => [String(i + 1), { from: { node: from, output }, to: { node: to, input } }]);
  return { nodes, edges: Object.fromEntries(edges) as GraphDocument["edges"], frames: {}, reroutes: {} };
}

const graph = (nodes: Record<string, DocumentNode>, ends: Ends[] = [], subgraphs: GraphDocument["subgraphs"] = {}): GraphDocument => ({
  ...emptyDocument(),
  ...parts(nodes, ends),
  subgraphs,
});

const at = (type: string, inputs: JsonObject = {}, more: Partial<DocumentNode> = {}): DocumentNode => ({
  type,
  position: [0, 0],
  inputs,
  ...more,
});

/** The prompt's inputs; checks on the way that the document's UI workflow gives the same. */
function inputsOf(document: GraphDocument): Record<string, JsonObject> {
  const inputs = (from: GraphDocument): Record<string, JsonObject> =>
    Object.fromEntries(Object.entries(toPrompt(from, catalog)).map(([id, node]) => [id, node.inputs]));
  const direct = inputs(document);
  expect(inputs(fromWorkflow(toWorkflow(document, catalog), catalog))).toMatchObject(direct);
  return direct;
}

const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof GraphError) return error.code;
    throw error;
  }
  return "none";
};

const load = at("LoadImage", { image: "a.png" });
const save = at("SaveImage", { filename_prefix: "x" });

describe("nodes that do not run", () => {
  test("a muted node is left out, and what it feeds goes unfed", () => {
    expect(inputsOf(graph({ 1: { ...load, mode: "mute" }, 2: save }, [["1", "IMAGE", "2", "images"]]))).toEqual({
      2: { filename_prefix: "x" },
    });
  });

  test("a bypassed node passes on the input at the output's slot if its type fits, else the first of that type", () => {
    const invert = at("ImageInvert", {}, { mode: "bypass" });
    const chain = graph({ 1: load, 2: invert, 3: invert, 4: save }, [
      ["1", "IMAGE", "2", "image"],
      ["2", "IMAGE", "3", "image"],
      ["3", "IMAGE", "4", "images"],
    ]);
    expect(inputsOf(chain)["4"]).toEqual({ filename_prefix: "x", images: ["1", 0] });
    // ControlNetApplyAdvanced: output 1 is "negative", at whose slot stands the input "negative".
    const apply = graph(
      {
        1: at("CLIPTextEncode", { text: "p" }),
        2: at("CLIPTextEncode", { text: "n" }),
        3: at("ControlNetApplyAdvanced", { strength: 1, start_percent: 0, end_percent: 1 }, { mode: "bypass" }),
        4: at("ConditioningZeroOut"),
      },
      [
        ["1", "CONDITIONING", "3", "positive"],
        ["2", "CONDITIONING", "3", "negative"],
        ["3", "negative", "4", "conditioning"],
      ],
    );
    expect(inputsOf(apply)["4"]).toEqual({ conditioning: ["2", 0] });
    // VAEDecode has no IMAGE input: nothing to pass on.
    const decode = graph({ 1: at("EmptyLatentImage"), 2: at("VAEDecode", {}, { mode: "bypass" }), 3: save }, [
      ["1", "LATENT", "2", "samples"],
      ["2", "IMAGE", "3", "images"],
    ]);
    expect(inputsOf(decode)["3"]).toEqual({ filename_prefix: "x" });
  });

  test("bypassed nodes in a circle end", () => {
    const invert = at("ImageInvert", {}, { mode: "bypass" });
    const circle = graph({ 1: invert, 2: invert, 3: save }, [
      ["1", "IMAGE", "2", "image"],
      ["2", "IMAGE", "1", "image"],
      ["2", "IMAGE", "3", "images"],
    ]);
    expect(inputsOf(circle)["3"]).toEqual({ filename_prefix: "x" });
  });

  test("links run through reroutes, primitives lend their value, notes vanish", () => {
    const document = graph(
      {
        1: load,
        2: at("Reroute"),
        3: at("Reroute"),
        4: save,
        5: at("PrimitiveNode", { value: "from primitive" }, { controls: { value: "randomize" } }),
        6: at("Note", { text: "remember" }),
        7: at("MarkdownNote", { text: "# remember" }),
      },
      [
        ["1", "IMAGE", "2", "#0"],
        ["2", "#0", "3", "#0"],
        ["3", "#0", "4", "images"],
        ["5", "#0", "4", "filename_prefix"],
      ],
    );
    expect(inputsOf(document)).toEqual({ 1: { image: "a.png" }, 4: { images: ["1", 0], filename_prefix: "from primitive" } });
    const written = toWorkflow(document, catalog)["nodes"] as JsonObject[];
    expect(written.map((node) => node["widgets_values"])).toEqual([
      ["a.png", "image"],
      undefined,
      undefined,
      ["x"],
      ["from primitive", "randomize"],
      ["remember"],
      ["# remember"],
    ]);
  });

  test("a chain of 20 000 reroutes is followed without a deep stack, once", () => {
    const nodes: Record<string, DocumentNode> = { 0: load };
    const ends: Ends[] = [];
    for (let i = 1; i <= 20_000; i++) {
      nodes[i] = at("Reroute");
      ends.push([String(i - 1), i === 1 ? "IMAGE" : "#0", String(i), "#0"]);
    }
    for (let i = 20_001; i < 21_000; i++) {
      nodes[i] = save;
      ends.push(["20000", "#0", String(i), "images"]);
    }
    expect(toPrompt(graph(nodes, ends), catalog)["20999"]?.inputs["images"]).toEqual(["0", 0]);
  });
});

describe("values", () => {
  test("literal lists are wrapped, also those that look like links", () => {
    expect(inputsOf(graph({ 1: at("Unknown", { a: ["1", 0], b: [], c: { d: [1] } }) }))["1"]).toEqual({
      a: { __value__: ["1", 0] },
      b: { __value__: [] },
      c: { d: [1] },
    });
  });

  test("a link overrides the value of its input; a link to a node that is not there stays for validation to name", () => {
    const document = graph({ 1: at("PrimitiveInt", { value: 3 }), 2: at("EmptyImage", { width: 8, height: 8 }), 3: save }, [
      ["1", "INT", "2", "width"],
      ["77", "#4", "3", "images"],
    ]);
    const prompt = toPrompt(document, catalog);
    expect(prompt["2"]?.inputs).toEqual({ width: ["1", 0], height: 8 });
    expect(prompt["3"]?.inputs["images"]).toEqual(["77", 4]);
  });

  test("an output nobody knows gets an impossible slot", () => {
    expect(toPrompt(graph({ 1: load, 2: save }, [["1", "NOPE", "2", "images"]]), catalog)["2"]?.inputs["images"]).toEqual(["1", -1]);
  });

  test("fillDefaults adds what is required and missing, choices included, and nothing else", () => {
    const prompt = {
      1: { class_type: "EmptyImage", inputs: { width: 8 } },
      2: { class_type: "ResizeImageMaskNode", inputs: { input: ["1", 0] as JsonValue, resize_type: "scale by multiplier" } },
      3: { class_type: "Not known", inputs: { a: 1 } },
      4: { class_type: "CLIPVisionEncode", inputs: {} },
      5: { class_type: "VAELoader", inputs: {} },
    };
    const filled = fillDefaults(prompt, catalog);
    expect(filled["1"]?.inputs).toEqual({ width: 8, height: 512, batch_size: 1, color: 0 });
    expect(filled["2"]?.inputs).toMatchObject({ resize_type: "scale by multiplier", "resize_type.multiplier": 1 });
    expect(filled["3"]).toEqual(prompt["3"]);
    expect([filled["4"]?.inputs, filled["5"]?.inputs]).toEqual([{ crop: "center" }, {}]);
    expect(prompt["1"].inputs).toEqual({ width: 8 });
  });
});

describe("subgraphs", () => {
  const definition = (nodes: Record<string, DocumentNode>, ends: Ends[], more: Partial<SubgraphDefinition> = {}): SubgraphDefinition => ({
    name: "Part",
    inputs: [
      { name: "picture", type: "IMAGE" },
      { name: "width", type: "INT" },
    ],
    outputs: [{ name: "done", type: "IMAGE" }],
    ...parts(nodes, ends),
    ...more,
  });
  const scale = definition({ 7: at("ImageScale", { upscale_method: "area", width: 1, height: 2, crop: "disabled" }) }, [
    ["$input", "picture", "7", "image"],
    ["$input", "width", "7", "width"],
    ["7", "IMAGE", "$output", "done"],
  ]);
  const outer = definition({ 3: at("inner"), 4: at("ImageInvert") }, [
    ["$input", "picture", "3", "picture"],
    ["$input", "width", "3", "width"],
    ["3", "done", "4", "image"],
    ["4", "IMAGE", "$output", "done"],
  ]);
  const around = (instance: DocumentNode, subgraphs: Record<string, SubgraphDefinition>): GraphDocument =>
    graph(
      { 1: load, 12: instance, 20: save },
      [
        ["1", "IMAGE", "12", "picture"],
        ["12", "done", "20", "images"],
      ],
      subgraphs,
    );

  test("inner nodes get ids joined by colons, and links cross the border both ways", () => {
    expect(inputsOf(around(at("s"), { s: scale }))).toEqual({
      1: { image: "a.png" },
      20: { filename_prefix: "x", images: ["12:7", 0] },
      "12:7": { upscale_method: "area", width: 1, height: 2, crop: "disabled", image: ["1", 0] },
    });
  });

  test("nested instances too, with values handed inwards", () => {
    expect(inputsOf(around(at("outer", { width: 64 }), { outer, inner: scale }))).toEqual({
      1: { image: "a.png" },
      20: { filename_prefix: "x", images: ["12:4", 0] },
      "12:4": { image: ["12:3:7", 0] },
      "12:3:7": { upscale_method: "area", width: 64, height: 2, crop: "disabled", image: ["1", 0] },
    });
  });

  test("promoted inputs override inner values for their instance only", () => {
    const document = around(at("s", {}, { promoted: [{ node: "7", input: "height", value: 99 }] }), { s: scale });
    document.nodes["13"] = at("s");
    const inputs = inputsOf(document);
    expect([inputs["12:7"]?.["height"], inputs["13:7"]?.["height"]]).toEqual([99, 2]);
    const [, instance] = toWorkflow(document, catalog)["nodes"] as JsonObject[];
    expect(instance).toMatchObject({ properties: { proxyWidgets: [["7", "height"]] }, widgets_values: [99] });
  });

  test("a muted instance runs nothing, a bypassed one passes its input on", () => {
    expect(inputsOf(around(at("s", {}, { mode: "mute" }), { s: scale }))["20"]).toEqual({ filename_prefix: "x" });
    expect(inputsOf(around(at("s", {}, { mode: "bypass" }), { s: scale }))).toEqual({
      1: { image: "a.png" },
      20: { filename_prefix: "x", images: ["1", 0] },
    });
  });

  test("an output fed straight from an input, and one fed by nothing", () => {
    const through = definition({}, [["$input", "picture", "$output", "done"]]);
    expect(inputsOf(around(at("s"), { s: through }))["20"]).toEqual({ filename_prefix: "x", images: ["1", 0] });
    expect(inputsOf(around(at("s"), { s: definition({}, []) }))["20"]).toEqual({ filename_prefix: "x" });
  });

  test("one that contains itself, that nests too deep or that grows too large is refused", () => {
    const self = definition({ 1: at("s") }, []);
    expect(code(() => toPrompt(around(at("s"), { s: self }), catalog))).toBe("GRAPH_SUBGRAPH_RECURSION");
    const mutual = { a: definition({ 1: at("b") }, []), b: definition({ 1: at("a") }, []) };
    expect(code(() => toPrompt(around(at("a"), mutual), catalog))).toBe("GRAPH_SUBGRAPH_RECURSION");
    const deep = Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`d${i}`, definition({ 1: at(`d${i + 1}`) }, [])]));
    expect(code(() => toPrompt(around(at("d0"), deep), catalog))).toBe("GRAPH_TOO_DEEP");
    expect(code(() => toPrompt(around(at("d20"), deep), catalog))).toBe("none");
    // Ten instances in each of ten levels would be 10^10 nodes.
    const ten = (type: string): Record<string, DocumentNode> => Object.fromEntries(Array.from({ length: 10 }, (_, i) => [i, at(type)]));
    const bomb = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`b${i}`, definition(ten(`b${i + 1}`), [])]));
    const limits = { ...defaultLimits, maxNodes: 5000 };
    // A hundred instances of a node with a thousand values, and a hundred that each set a thousand values.
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`v${i}`, i]));
    const promoted = Object.keys(many).map((input) => ({ node: "1", input, value: 1 }));
    const hundred = (part: SubgraphDefinition, more: Partial<DocumentNode> = {}): GraphDocument =>
      graph(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [i, at("s", {}, more)])), [], { s: part });
    const few = { ...defaultLimits, maxLinks: 9_000 };
    expect(code(() => toPrompt(hundred(definition({ 1: at("A", many) }, [])), catalog, few))).toBe("GRAPH_TOO_LARGE");
    expect(code(() => toPrompt(hundred(definition({ 1: at("A") }, []), { promoted }), catalog, few))).toBe("GRAPH_TOO_LARGE");
    expect(code(() => toPrompt(around(at("b0"), bomb), catalog, limits))).toBe("GRAPH_TOO_LARGE");
  });

  test("definitions made here become ones that ComfyUI's format knows", () => {
    const written = toWorkflow(around(at("s"), { s: scale }), catalog);
    const [made] = (written["definitions"] as JsonObject)["subgraphs"] as JsonObject[];
    expect(made).toMatchObject({
      id: "s",
      name: "Part",
      version: 1,
      state: { lastNodeId: 7, lastLinkId: 3, lastGroupId: 0, lastRerouteId: 0 },
      inputNode: { id: -10 },
      outputNode: { id: -20 },
      inputs: [
        { name: "picture", type: "IMAGE", linkIds: [1] },
        { name: "width", type: "INT", linkIds: [2] },
      ],
      outputs: [{ name: "done", type: "IMAGE", linkIds: [3] }],
      links: [
        { id: 1, origin_id: -10, origin_slot: 0, target_id: 7, target_slot: 0, type: "IMAGE" },
        { id: 2, origin_id: -10, origin_slot: 1, target_id: 7, target_slot: 2, type: "INT" },
        { id: 3, origin_id: 7, origin_slot: 0, target_id: -20, target_slot: 0, type: "IMAGE" },
      ],
    });
  });
});
