import { describe, expect, test } from "vitest";
import type { JsonObject } from "../json/jsonValue.js";
import { comfyNodes } from "../schema/comfyNodes.js";
import { input, node, output, widget, workflow } from "../testing/workflowParts.js";
import { fromWorkflow } from "./fromWorkflow.js";
import { toPrompt } from "./toPrompt.js";
import { toWorkflow } from "./toWorkflow.js";

const catalog = comfyNodes();
const noNodes = {};

const again = (file: JsonObject, nodes = catalog): JsonObject => toWorkflow(fromWorkflow(file, nodes), nodes);
const inputsOf = (file: JsonObject, nodes = catalog): Record<string, JsonObject> =>
  Object.fromEntries(Object.entries(toPrompt(fromWorkflow(file, nodes), nodes)).map(([id, entry]) => [id, entry.inputs]));
const nodesOf = (file: JsonObject): JsonObject[] => file["nodes"] as JsonObject[];

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
    delete document.nodes["12"]!.promoted;
    const [, instance] = nodesOf(toWorkflow(document, catalog));
    expect(instance).toMatchObject({ properties: { proxyWidgets: [] } });
    expect(instance).not.toHaveProperty("widgets_values");
  });
});
