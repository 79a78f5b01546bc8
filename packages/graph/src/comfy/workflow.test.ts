import { describe, expect, test } from "vitest";
import type { GraphDocument } from "../document/graphDocument.js";
import { parseDocument, stringifyDocument } from "../document/parseDocument.js";
import { GraphError } from "../graphError.js";
import type { JsonObject, JsonValue } from "../json/jsonValue.js";
import { parsePythonJson } from "../json/parseJson.js";
import { defaultLimits } from "../limits.js";
import { comfyNodes } from "../schema/comfyNodes.js";
import { fromPrompt } from "./fromPrompt.js";
import { fromWorkflow } from "./fromWorkflow.js";
import type { GraphWarning } from "./fromWorkflow.js";
import { toPrompt } from "./toPrompt.js";
import { toWorkflow } from "./toWorkflow.js";

const catalog = comfyNodes();
const noNodes = {};

function node(id: number | string, type: string, more: JsonObject = {}): JsonObject {
  return { id, type, pos: [10, 20], size: [200, 100], flags: {}, order: 0, mode: 0, inputs: [], outputs: [], properties: {}, ...more };
}

function workflow(nodes: JsonObject[], links: JsonValue[] = [], more: JsonObject = {}): JsonObject {
  return {
    id: "3e0b0c1c-0000-4000-8000-000000000001",
    revision: 3,
    last_node_id: 50,
    last_link_id: 60,
    nodes,
    links,
    groups: [],
    config: {},
    extra: { ds: { scale: 1, offset: [0, 0] } },
    version: 0.4,
    ...more,
  };
}

const input = (name: string, type: string, link: number | null = null, more: JsonObject = {}): JsonObject => ({
  name,
  type,
  link,
  ...more,
});
const widget = (name: string, type: string, link: number | null = null): JsonObject => input(name, type, link, { widget: { name } });
const output = (name: string, type: string, links: number[] = []): JsonObject => ({ name, type, links });

const again = (file: JsonObject, nodes = catalog): JsonObject => toWorkflow(fromWorkflow(file, nodes), nodes);
const inputsOf = (file: JsonObject, nodes = catalog): Record<string, JsonObject> =>
  Object.fromEntries(Object.entries(toPrompt(fromWorkflow(file, nodes), nodes)).map(([id, entry]) => [id, entry.inputs]));
const nodesOf = (file: JsonObject): JsonObject[] => file["nodes"] as JsonObject[];

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof GraphError) return `${error.code} ${error.path}`;
    throw error;
  }
  return "none";
}

/** Loader → sampler → decode → save, with a mute and a group; seeds beyond 2^53. */
const plain = workflow(
  [
    node(1, "CheckpointLoaderSimple", {
      inputs: [widget("ckpt_name", "COMBO")],
      outputs: [output("MODEL", "MODEL", [1]), output("CLIP", "CLIP", [2, 3]), output("VAE", "VAE", [4])],
      widgets_values: ["a.safetensors"],
      title: "The model",
      color: "#232",
      bgcolor: "#353",
      shape: 1,
    }),
    node(2, "CLIPTextEncode", {
      inputs: [input("clip", "CLIP", 2), widget("text", "STRING")],
      outputs: [output("CONDITIONING", "CONDITIONING", [5])],
      widgets_values: ["a cat"],
    }),
    node(3, "CLIPTextEncode", {
      inputs: [input("clip", "CLIP", 3), widget("text", "STRING")],
      outputs: [output("CONDITIONING", "CONDITIONING", [6])],
      widgets_values: [""],
    }),
    node(4, "EmptyLatentImage", { outputs: [output("LATENT", "LATENT", [7])], widgets_values: [64, 32, 1] }),
    node(5, "KSampler", {
      inputs: [
        input("model", "MODEL", 1),
        input("positive", "CONDITIONING", 5),
        input("negative", "CONDITIONING", 6),
        input("latent_image", "LATENT", 7),
      ],
      outputs: [output("LATENT", "LATENT", [8])],
      widgets_values: [18446744073709551615n, "increment", 4, 7.5, "euler", "normal", 1],
    }),
    node(6, "VAEDecode", {
      inputs: [input("samples", "LATENT", 8), input("vae", "VAE", 4)],
      outputs: [output("IMAGE", "IMAGE", [9])],
      widgets_values: [],
    }),
    node(7, "SaveImage", { inputs: [input("images", "IMAGE", 9)], widgets_values: ["out"] }),
  ],
  [
    [1, 1, 0, 5, 0, "MODEL"],
    [2, 1, 1, 2, 0, "CLIP"],
    [3, 1, 1, 3, 0, "CLIP"],
    [4, 1, 2, 6, 1, "VAE"],
    [5, 2, 0, 5, 1, "CONDITIONING"],
    [6, 3, 0, 5, 2, "CONDITIONING"],
    [7, 4, 0, 5, 3, "LATENT"],
    [8, 5, 0, 6, 0, "LATENT"],
    [9, 6, 0, 7, 0, "IMAGE"],
  ],
  {
    groups: [
      { id: 4, title: "Sampling", bounding: [0, 0, 300, 200], color: "#3f789e", font_size: 24, flags: {} },
      { title: "Old", bounding: [0, 0, 1, 1] },
    ],
    models: [{ name: "a.safetensors", url: "https://example.org/a", directory: "checkpoints" }],
  },
);

describe("a plain workflow", () => {
  test("gives the prompt that the front end makes of it", () => {
    expect(inputsOf(plain)).toEqual({
      1: { ckpt_name: "a.safetensors" },
      2: { text: "a cat", clip: ["1", 1] },
      3: { text: "", clip: ["1", 1] },
      4: { width: 64, height: 32, batch_size: 1 },
      5: {
        seed: 18446744073709551615n,
        steps: 4,
        cfg: 7.5,
        sampler_name: "euler",
        scheduler: "normal",
        denoise: 1,
        model: ["1", 0],
        positive: ["2", 0],
        negative: ["3", 0],
        latent_image: ["4", 0],
      },
      6: { samples: ["5", 0], vae: ["1", 2] },
      7: { filename_prefix: "out", images: ["6", 0] },
    });
    const prompt = toPrompt(fromWorkflow(plain, catalog), catalog);
    expect(prompt["1"]).toMatchObject({ class_type: "CheckpointLoaderSimple", _meta: { title: "The model" } });
    expect(prompt["6"]?._meta?.title).toBe("VAE Decode");
  });

  test("becomes names, controls and frames in the document", () => {
    const document = fromWorkflow(plain, catalog);
    expect(document.nodes["5"]).toMatchObject({ inputs: { seed: 18446744073709551615n, cfg: 7.5 }, controls: { seed: "increment" } });
    expect(document.nodes["1"]).toMatchObject({ title: "The model", color: "#232", background: "#353" });
    expect(document.edges["9"]).toEqual({ from: { node: "6", output: "IMAGE" }, to: { node: "7", input: "images" }, type: "IMAGE" });
    expect(document.frames["1"]).toMatchObject({ title: "Sampling", bounds: [0, 0, 300, 200] });
  });

  test("comes back unchanged, through the document's own text too", () => {
    expect(again(plain)).toEqual(plain);
    expect(toWorkflow(parseDocument(stringifyDocument(fromWorkflow(plain, catalog))), catalog)).toEqual(plain);
  });

  test("comes back unchanged when no node is known: all are placeholders", () => {
    expect(again(plain, noNodes)).toEqual(plain);
    expect(toWorkflow(fromWorkflow(plain, noNodes), catalog)).toEqual(plain);
    const links = { model: ["1", 0], positive: ["2", 0], negative: ["3", 0], latent_image: ["4", 0] };
    expect(inputsOf(plain, noNodes)["5"]).toEqual(links);
    const opened = toPrompt(fromWorkflow(plain, noNodes), catalog);
    expect(opened["5"]?.inputs).toMatchObject({ ...links, seed: 18446744073709551615n, denoise: 1 });
  });

  test("keeps the order of nodes, which is the drawing order", () => {
    const shuffled = { ...plain, nodes: nodesOf(plain).toReversed() };
    expect(again(shuffled)).toEqual(shuffled);
    const document = fromWorkflow(shuffled, catalog);
    document.nodes["99"] = { type: "Note", position: [0, 0], inputs: { text: "new" } };
    expect(nodesOf(toWorkflow(document, catalog)).map(({ id }) => id)).toEqual([7, 6, 5, 4, 3, 2, 1, 99]);
  });
});

describe("spellings of old and new files", () => {
  test("positions and sizes as objects, groups likewise", () => {
    const old = workflow([node(1, "Note", { pos: { 0: 1.5, 1: -2 }, size: { 0: 100, 1: 50 }, widgets_values: ["x"] })], [], {
      groups: [{ title: "G", bounding: { 0: 1, 1: 2, 2: 3, 3: 4 } }],
    });
    const document = fromWorkflow(old, catalog);
    expect(document.nodes["1"]).toMatchObject({ position: [1.5, -2], size: [100, 50] });
    expect(document.frames["1"]?.bounds).toEqual([1, 2, 3, 4]);
    expect(nodesOf(toWorkflow(document, catalog))[0]).toMatchObject({ pos: [1.5, -2], size: [100, 50] });
  });

  test("booleans as seed controls, a value list that ends early, values that the schema does not know", () => {
    const sampler = (values: JsonValue[]): GraphDocument =>
      fromWorkflow(workflow([node(1, "KSampler", { widgets_values: values })]), catalog);
    expect(sampler([5, true, 20, 8, "euler", "normal", 1]).nodes["1"]).toMatchObject({
      controls: { seed: "randomize" },
      inputs: { steps: 20 },
    });
    expect(sampler([5, false, 20, 8, "euler", "normal", 1]).nodes["1"]?.controls).toEqual({ seed: "fixed" });
    expect(sampler([5, 20, 8, "euler", "normal", 1]).nodes["1"]).toMatchObject({ inputs: { seed: 5, steps: 20, denoise: 1 } });
    const short = workflow([node(1, "KSampler", { widgets_values: [5, "fixed", 20] })]);
    expect(inputsOf(short)["1"]).toEqual({ seed: 5, steps: 20 });
    expect(again(short)).toEqual(short);
    const long = workflow([node(1, "SaveImage", { widgets_values: ["out", "extra", null, { a: 1 }] })]);
    expect(inputsOf(long)["1"]).toEqual({ filename_prefix: "out" });
    expect(again(long)).toEqual(long);
  });

  test("upload markers after the widgets, there or not", () => {
    for (const values of [["a.png", "image"], ["a.png"]]) {
      const file = workflow([node(1, "LoadImage", { widgets_values: values })]);
      expect(inputsOf(file)["1"]).toEqual({ image: "a.png" });
      expect(again(file)).toEqual(file);
    }
    const mask = workflow([node(1, "LoadImageMask", { widgets_values: ["a.png", "red", "image"] })]);
    expect(inputsOf(mask)["1"]).toEqual({ image: "a.png", channel: "red" });
    expect(again(mask)).toEqual(mask);
  });

  test("widget values by name", () => {
    const file = workflow([node(1, "SaveImage", { widgets_values: { filename_prefix: "named", preview: { hidden: true } } })]);
    expect(inputsOf(file)["1"]).toEqual({ filename_prefix: "named" });
    expect(again(file)).toEqual(file);
  });

  test("a dynamic combo's widgets follow its choice", () => {
    const file = workflow([node(1, "ResizeImageMaskNode", { widgets_values: ["scale by multiplier", 2.5, "area"] })]);
    expect(inputsOf(file)["1"]).toEqual({ resize_type: "scale by multiplier", "resize_type.multiplier": 2.5, scale_method: "area" });
    expect(again(file)).toEqual(file);
  });

  test("format 1: links and reroutes as objects come back as 0.4", () => {
    const { last_node_id: _, last_link_id: __, ...rest } = plain;
    const one: JsonObject = {
      ...rest,
      version: 1,
      state: { lastGroupId: 1, lastNodeId: 50, lastLinkId: 60, lastRerouteId: 2 },
      links: (plain["links"] as JsonValue[][]).map(([id, origin_id, origin_slot, target_id, target_slot, type]) => ({
        id: id as number,
        origin_id: origin_id as number,
        origin_slot: origin_slot as number,
        target_id: target_id as number,
        target_slot: target_slot as number,
        type: type as string,
        ...(id === 9 ? { parentId: 2 } : {}),
      })),
      reroutes: [
        { id: 1, pos: [5, 6], linkIds: [9] },
        { id: 2, parentId: 1, pos: [7, 8], linkIds: [9] },
      ],
    };
    const written = again(one);
    expect(written).toEqual({
      ...plain,
      extra: { ...(plain["extra"] as JsonObject), reroutes: one["reroutes"] as JsonValue, linkExtensions: [{ id: 9, parentId: 2 }] },
    });
    expect(again(written)).toEqual(written);
    expect(fromWorkflow(written, catalog).reroutes).toEqual({ 1: { position: [5, 6] }, 2: { position: [7, 8], parent: "1" } });
    expect(fromWorkflow(written, catalog).extra).toEqual(plain["extra"]);
  });

  test("string ids, text as JSON of Python with NaN", () => {
    const text = `{"nodes": [{"id": "a:b", "type": "SaveImage", "widgets_values": ["x"]}], "links": [], "extra": {"n": NaN}, "version": 0.4}`;
    const document = fromWorkflow(parsePythonJson(text), catalog);
    expect(nodesOf(toWorkflow(document, catalog))[0]?.["id"]).toBe("a:b");
    expect(Object.keys(toPrompt(document, catalog))).toEqual(["a:b"]);
  });
});

describe("faults", () => {
  test.each<[string, JsonValue, string]>([
    ["no object", [], "GRAPH_WORKFLOW_INVALID "],
    ["no nodes", {}, "GRAPH_WORKFLOW_INVALID nodes"],
    ["a node that is none", { nodes: [5] }, "GRAPH_WORKFLOW_INVALID nodes.0"],
    ["a node without an id", { nodes: [{ type: "A" }] }, "GRAPH_WORKFLOW_INVALID nodes.0.id"],
    ["a node without a type", { nodes: [{ id: 1 }] }, "GRAPH_WORKFLOW_INVALID nodes.0.type"],
    ["two nodes of one id", { nodes: [node(1, "A"), node("1", "A")] }, "GRAPH_WORKFLOW_INVALID nodes.1.id"],
    ["a type beyond all bounds", { nodes: [node(1, "A".repeat(1025))] }, "GRAPH_WORKFLOW_INVALID nodes.0.type"],
    ["inputs that are no list", { nodes: [node(1, "A", { inputs: "x" })] }, "GRAPH_WORKFLOW_INVALID nodes.0.inputs"],
    ["a broken link", { nodes: [], links: [[1, 2, -1, 3, 0]] }, "GRAPH_WORKFLOW_INVALID links.0.origin_slot"],
    ["a broken group", { nodes: [], groups: [{ bounding: [1] }] }, "GRAPH_WORKFLOW_INVALID groups.0.bounding"],
    ["a broken reroute", { nodes: [], reroutes: [{ id: 1 }] }, "GRAPH_WORKFLOW_INVALID reroutes.0.pos"],
    [
      "a broken definition",
      { nodes: [], definitions: { subgraphs: [{ id: "s", nodes: 1 }] } },
      "GRAPH_WORKFLOW_INVALID definitions.subgraphs.0.nodes",
    ],
  ])("%s is refused with its place", (_, file, wanted) => {
    expect(code(() => fromWorkflow(file, catalog))).toBe(wanted);
  });

  test("too many nodes and links are refused", () => {
    const limits = { ...defaultLimits, maxNodes: 6 };
    expect(code(() => fromWorkflow(plain, catalog, { limits }))).toBe("GRAPH_TOO_LARGE nodes");
    expect(code(() => fromWorkflow(plain, catalog, { limits: { ...defaultLimits, maxLinks: 8 } }))).toBe("GRAPH_TOO_LARGE links");
  });

  test("links that lead nowhere are left out with a warning", () => {
    const warnings: GraphWarning[] = [];
    const file = workflow(
      [node(1, "SaveImage", { inputs: [input("images", "IMAGE", 77)] }), node(2, "SaveImage", { inputs: [input("images", "IMAGE", 5)] })],
      [[5, 40, 0, 2, 0, "IMAGE"], null],
    );
    expect(fromWorkflow(file, catalog, { warn: (warning) => warnings.push(warning) }).edges).toEqual({});
    expect(warnings.map(({ path }) => path)).toEqual(["nodes.0.inputs.0", "nodes.1.inputs.0"]);
  });

  test("edges that name far slots cannot make a workflow grow without bound", () => {
    const document = fromPrompt(
      { 1: { class_type: "Unknown" }, 2: { class_type: "Unknown", inputs: { a: ["1", 4_000_000_000] } } },
      noNodes,
    );
    expect(code(() => toWorkflow(document, noNodes))).toBe("GRAPH_TOO_LARGE edges");
    document.edges["1"]!.from.output = "#-3";
    expect(toWorkflow(document, noNodes)["links"]).toEqual([]);
  });

  test("one link that two inputs claim becomes two links", () => {
    const slots = { inputs: [input("images", "IMAGE", 5)] };
    const file = workflow(
      [node(1, "LoadImage", { outputs: [output("IMAGE", "IMAGE", [5])] }), node(2, "SaveImage", slots), node(3, "SaveImage", slots)],
      [[5, 1, 0, 2, 0, "IMAGE"]],
    );
    const written = again(file);
    expect(written["links"]).toEqual([
      [5, 1, 0, 2, 0, "IMAGE"],
      [61, 1, 0, 3, 0, "IMAGE"],
    ]);
    expect(written["last_link_id"]).toBe(61);
    expect(inputsOf(written)).toMatchObject({ 2: { images: ["1", 0] }, 3: { images: ["1", 0] } });
  });
});

describe("documents made here", () => {
  const prompt = {
    4: { class_type: "LoadImage", inputs: { image: "a.png" }, _meta: { title: "Picture" } },
    7: { class_type: "BatchImagesNode", inputs: { "images.image0": ["4", 0], "images.image1": ["4", 0] } },
    9: { class_type: "ImageScale", inputs: { image: ["7", 0], upscale_method: "area", width: 8, height: 8, crop: "disabled" } },
    11: { class_type: "KSampler", inputs: { seed: 5, steps: 3, model: ["30", 0] } },
    "12:7": { class_type: "SaveImage", inputs: { images: ["9", 0], filename_prefix: "x" } },
    13: { class_type: "Not known", inputs: { list: { __value__: [1, 2] }, picture: ["4", 1], seed: 9007199254740993n } },
  } satisfies JsonObject;

  test("become workflows whose nodes have slots, values and an order of execution", () => {
    const written = toWorkflow(fromPrompt(prompt, catalog), catalog);
    const [load, batch, scale, sampler, unknown, save] = nodesOf(written);
    expect(load).toMatchObject({ id: 4, title: "Picture", mode: 0, widgets_values: ["a.png", "image"], order: 0 });
    expect(load?.["outputs"]).toEqual([output("IMAGE", "IMAGE", [1, 2]), output("MASK", "MASK", [5])]);
    expect(batch?.["inputs"]).toEqual([input("images.image0", "IMAGE", 1), input("images.image1", "IMAGE", 2, { shape: 7 })]);
    expect((scale?.["inputs"] as JsonObject[]).map(({ name }) => name)).toEqual(["image", "upscale_method", "width", "height", "crop"]);
    expect(sampler?.["widgets_values"]).toEqual(
      [5, "fixed", 3, 8, "euler", "simple", 1].map((value, i) => (i === 5 ? expect.any(String) : value)),
    );
    expect(unknown?.["widgets_values"]).toEqual({ list: [1, 2], seed: 9007199254740993n });
    expect(save).toMatchObject({ id: "12:7", properties: { "Node name for S&R": "SaveImage" } });
    expect(Number(save?.["order"])).toBeGreaterThan(Number(scale?.["order"]));
    expect(written).toMatchObject({ last_node_id: 13, last_link_id: 6, version: 0.4, revision: 0, config: {} });
  });

  test("give the same prompt after a trip through the workflow, defaults filled in and dangling links gone", () => {
    const back = inputsOf(toWorkflow(fromPrompt(prompt, catalog), catalog));
    const { 11: sampler, ...others } = Object.fromEntries(Object.entries(prompt).map(([id, { inputs }]) => [id, inputs]));
    expect(back).toMatchObject(others as Record<string, JsonObject>);
    expect(back["11"]).toMatchObject({ seed: sampler?.["seed" as never], steps: 3, cfg: 8 });
    expect(back["11"]).not.toHaveProperty("model");
  });

  test("changes to a placeholder's values reach the values it keeps by position", () => {
    const file = workflow([
      node(1, "Custom", { inputs: [widget("seed", "INT"), widget("text", "STRING")], widgets_values: [7, "randomize", "hello"] }),
    ]);
    const document = fromWorkflow(file, catalog);
    expect(document.nodes["1"]?.inputs).toEqual({ seed: 7, text: "hello" });
    document.nodes["1"]!.inputs["text"] = "changed";
    expect(nodesOf(toWorkflow(document, catalog))[0]?.["widgets_values"]).toEqual([7, "randomize", "changed"]);
    expect(again(file)).toEqual(file);
  });

  test("an opened workflow's changes are written: values, modes, new edges, removed ones", () => {
    const document = fromWorkflow(plain, catalog);
    document.nodes["5"]!.inputs["steps"] = 9;
    document.nodes["5"]!.mode = "bypass";
    document.nodes["3"]!.mode = "mute";
    delete document.edges["6"];
    document.edges["n1"] = { from: { node: "4", output: "LATENT" }, to: { node: "6", input: "extra" } };
    const written = toWorkflow(document, catalog);
    const byId = new Map(nodesOf(written).map((entry) => [entry["id"], entry]));
    expect(byId.get(5)).toMatchObject({ mode: 4, widgets_values: [18446744073709551615n, "increment", 9, 7.5, "euler", "normal", 1] });
    expect(byId.get(3)).toMatchObject({ mode: 2, outputs: [output("CONDITIONING", "CONDITIONING", [])] });
    expect(byId.get(6)?.["inputs"]).toContainEqual(input("extra", "*", 61));
    expect(written["links"]).toContainEqual([61, 4, 0, 6, 2, "LATENT"]);
  });
});

describe("what exists only in graph files", () => {
  test("reroutes, primitives, notes and modes come back unchanged", () => {
    const file = workflow(
      [
        node(1, "LoadImage", { outputs: [output("IMAGE", "IMAGE", [1]), output("MASK", "MASK")], widgets_values: ["a.png", "image"] }),
        node(2, "Reroute", { inputs: [input("", "*", 1)], outputs: [output("", "IMAGE", [2])], properties: { showOutputText: false } }),
        node(3, "ImageInvert", { mode: 4, inputs: [input("image", "IMAGE", 2)], outputs: [output("IMAGE", "IMAGE", [3])] }),
        node(4, "SaveImage", { inputs: [input("images", "IMAGE", 3), widget("filename_prefix", "STRING", 4)], widgets_values: ["own"] }),
        node(5, "PrimitiveNode", { outputs: [output("STRING", "STRING", [4])], widgets_values: ["lent", "fixed"] }),
        node(6, "Note", { widgets_values: ["text"] }),
        node(7, "MarkdownNote", { widgets_values: [] }),
        node(8, "PreviewImage", { mode: 2, inputs: [input("images", "IMAGE")] }),
        node(9, "PreviewImage", { mode: 1, inputs: [input("images", "IMAGE")] }),
      ],
      [
        [1, 1, 0, 2, 0, "IMAGE"],
        [2, 2, 0, 3, 0, "IMAGE"],
        [3, 3, 0, 4, 0, "IMAGE"],
        [4, 5, 0, 4, 1, "STRING"],
      ],
    );
    expect(again(file)).toEqual(file);
    expect(inputsOf(file)).toEqual({ 1: { image: "a.png" }, 4: { images: ["1", 0], filename_prefix: "lent" }, 9: {} });
    expect(fromWorkflow(file, catalog).nodes["9"]?.mode).toBeUndefined();
  });

  test("a legacy group node is a placeholder with its definition in extra", () => {
    const file = workflow(
      [
        node(1, "LoadImage", { outputs: [output("IMAGE", "IMAGE", [1])], widgets_values: ["a.png", "image"] }),
        node(2, "workflow>Old group", { inputs: [input("image", "IMAGE", 1)], widgets_values: [5, "fixed", "x"] }),
      ],
      [[1, 1, 0, 2, 0, "IMAGE"]],
      { extra: { groupNodes: { "Old group": { nodes: [], links: [], external: [] } } } },
    );
    expect(again(file)).toEqual(file);
    expect(inputsOf(file)["2"]).toEqual({ image: ["1", 0] });
  });

  const definition = (id: string, more: JsonObject): JsonObject => ({
    id,
    version: 1,
    state: { lastGroupId: 0, lastNodeId: 9, lastLinkId: 12, lastRerouteId: 0 },
    revision: 0,
    config: {},
    name: `Part ${id}`,
    inputNode: { id: -10, bounding: [0, 0, 120, 60] },
    outputNode: { id: -20, bounding: [900, 0, 120, 60] },
    inputs: [],
    outputs: [],
    widgets: [],
    nodes: [],
    groups: [],
    links: [],
    extra: {},
    ...more,
  });
  const link = (id: number, origin_id: number, origin_slot: number, target_id: number, target_slot: number, type: string): JsonObject => ({
    id,
    origin_id,
    origin_slot,
    target_id,
    target_slot,
    type,
  });
  const port = (name: string, type: string, linkIds: number[]): JsonObject => ({
    id: `uuid-${name}`,
    name,
    type,
    linkIds,
    pos: [1, 2],
    label: name,
  });
  const inner = definition("inner", {
    description: "Inverts",
    category: "mine",
    inputs: [port("a", "IMAGE", [1])],
    outputs: [port("b", "IMAGE", [2]), port("c", "IMAGE", [])],
    nodes: [node(4, "ImageInvert", { inputs: [input("image", "IMAGE", 1)], outputs: [output("IMAGE", "IMAGE", [2])] })],
    links: [{ ...link(1, -10, 0, 4, 0, "IMAGE"), parentId: 3 }, link(2, 4, 0, -20, 0, "IMAGE")],
    reroutes: [{ id: 3, pos: [1, 1], linkIds: [1], floating: { slotType: "input" } }],
    state: { lastGroupId: 0, lastNodeId: 9, lastLinkId: 12, lastRerouteId: 3 },
  });
  const outer = definition("outer", {
    inputs: [port("a", "IMAGE", [5]), port("width", "INT", [8])],
    outputs: [port("b", "IMAGE", [7])],
    nodes: [
      node(1, "inner", { inputs: [input("a", "IMAGE", 5)], outputs: [output("b", "IMAGE", [6]), output("c", "IMAGE")] }),
      node(2, "ImageScale", {
        inputs: [input("image", "IMAGE", 6), widget("width", "INT", 8)],
        outputs: [output("IMAGE", "IMAGE", [7])],
        widgets_values: ["area", 10, 20, "disabled"],
      }),
    ],
    links: [link(5, -10, 0, 1, 0, "IMAGE"), link(6, 1, 0, 2, 0, "IMAGE"), link(7, 2, 0, -20, 0, "IMAGE"), link(8, -10, 1, 2, 1, "INT")],
  });
  const nested = (subgraphs: JsonObject[], instance: JsonObject): JsonObject =>
    workflow(
      [
        node(1, "LoadImage", { outputs: [output("IMAGE", "IMAGE", [1])], widgets_values: ["a.png", "image"] }),
        node(12, "outer", { outputs: [output("b", "IMAGE", [2])], ...instance }),
        node(20, "SaveImage", { inputs: [input("images", "IMAGE", 2)], widgets_values: ["x"] }),
      ],
      [
        [1, 1, 0, 12, 0, "IMAGE"],
        [2, 12, 0, 20, 0, "IMAGE"],
      ],
      { definitions: { subgraphs } },
    );

  test("subgraphs, nested, with promoted widgets, come back unchanged and expand", () => {
    const file = nested([outer, inner], {
      inputs: [input("a", "IMAGE", 1), widget("width", "INT")],
      properties: {
        proxyWidgets: [
          ["2", "height"],
          ["-1", "width"],
          ["2", "crop", "kept"],
        ],
      },
      widgets_values: [77, 55, null],
    });
    expect(again(file)).toEqual(file);
    expect(again(again(file), noNodes)).toEqual(file);
    expect(inputsOf(file)).toEqual({
      1: { image: "a.png" },
      20: { filename_prefix: "x", images: ["12:2", 0] },
      "12:1:4": { image: ["1", 0] },
      "12:2": { upscale_method: "area", width: 55, height: 77, crop: "disabled", image: ["12:1:4", 0] },
    });
    expect(fromWorkflow(file, catalog).nodes["12"]?.promoted).toMatchObject([{ node: "2", input: "height", value: 77 }, { input: "crop" }]);
  });

  test("an instance without proxyWidgets has values for its own widget inputs, or none", () => {
    const own = nested([outer, inner], { inputs: [input("a", "IMAGE", 1), widget("width", "INT")], widgets_values: [33] });
    expect(again(own)).toEqual(own);
    expect(inputsOf(own)["12:2"]).toMatchObject({ width: 33, height: 20 });
    const none = nested([outer, inner], { inputs: [input("a", "IMAGE", 1)], widgets_values: [] });
    expect(again(none)).toEqual(none);
    expect(inputsOf(none)["12:2"]).toMatchObject({ width: 10, height: 20 });
  });

  test("a definition nested in another comes back beside it", () => {
    const slots = { inputs: [input("a", "IMAGE", 1)] };
    const file = nested([{ ...outer, definitions: { subgraphs: [inner] } }], slots);
    expect(again(file)).toEqual(nested([outer, inner], slots));
  });

  test("promoting another input, or one less, changes proxyWidgets", () => {
    const file = nested([outer, inner], {
      inputs: [input("a", "IMAGE", 1)],
      properties: { proxyWidgets: [["2", "height"]] },
      widgets_values: [77],
    });
    const document = fromWorkflow(file, catalog);
    document.nodes["12"]!.promoted = [{ node: "2", input: "crop", value: "center" }];
    expect(nodesOf(toWorkflow(document, catalog))[1]).toMatchObject({
      properties: { proxyWidgets: [["2", "crop"]] },
      widgets_values: ["center"],
    });
  });
});
