import { describe, expect, test } from "vitest";
import type { JsonObject } from "../json/jsonValue.js";
import { comfyNodes } from "../schema/comfyNodes.js";
import { input, node, output, plain, widget, workflow } from "../testing/workflowParts.js";
import { fromPrompt } from "./fromPrompt.js";
import { fromWorkflow } from "./fromWorkflow.js";
import { toPrompt } from "./toPrompt.js";
import { toWorkflow } from "./toWorkflow.js";

const catalog = comfyNodes();

const again = (file: JsonObject, nodes = catalog): JsonObject => toWorkflow(fromWorkflow(file, nodes), nodes);
const inputsOf = (file: JsonObject, nodes = catalog): Record<string, JsonObject> =>
  Object.fromEntries(Object.entries(toPrompt(fromWorkflow(file, nodes), nodes)).map(([id, entry]) => [id, entry.inputs]));
const nodesOf = (file: JsonObject): JsonObject[] => file["nodes"] as JsonObject[];

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
    const [load, batch, scale, sampler, unknown, save] = nodesOf(written) as [
      JsonObject,
      JsonObject,
      JsonObject,
      JsonObject,
      JsonObject,
      JsonObject,
    ];
    expect(load).toMatchObject({ id: 4, title: "Picture", mode: 0, widgets_values: ["a.png", "image"], order: 0 });
    expect(load["outputs"]).toEqual([output("IMAGE", "IMAGE", [1, 2]), output("MASK", "MASK", [5])]);
    expect(batch["inputs"]).toEqual([input("images.image0", "IMAGE", 1), input("images.image1", "IMAGE", 2, { shape: 7 })]);
    expect((scale["inputs"] as JsonObject[]).map(({ name }) => name)).toEqual(["image", "upscale_method", "width", "height", "crop"]);
    expect(sampler["widgets_values"]).toEqual(
      [5, "fixed", 3, 8, "euler", "simple", 1].map((value, i) => (i === 5 ? expect.any(String) : value)),
    );
    expect(unknown["widgets_values"]).toEqual({ list: [1, 2], seed: 9007199254740993n });
    expect(save).toMatchObject({ id: "12:7", properties: { "Node name for S&R": "SaveImage" } });
    expect(Number(save["order"])).toBeGreaterThan(Number(scale["order"]));
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
