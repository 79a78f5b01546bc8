import { describe, expect, test } from "vitest";
import type { GraphDocument } from "../document/graphDocument.js";
import { parseDocument, stringifyDocument } from "../document/parseDocument.js";
import { GraphError } from "../graphError.js";
import type { JsonObject, JsonValue } from "../json/jsonValue.js";
import { parsePythonJson } from "../json/parseJson.js";
import { defaultLimits } from "../limits.js";
import { input, node, output, plain, workflow } from "../testing/workflowParts.js";
import { comfyNodes } from "../schema/comfyNodes.js";
import { fromPrompt } from "./fromPrompt.js";
import { fromWorkflow } from "./fromWorkflow.js";
import type { GraphWarning } from "./fromWorkflow.js";
import { toPrompt } from "./toPrompt.js";
import { toWorkflow } from "./toWorkflow.js";

const catalog = comfyNodes();
const noNodes = {};

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
