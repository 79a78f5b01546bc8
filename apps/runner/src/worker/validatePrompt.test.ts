import type { Prompt } from "@patchbay/graph";
import { comfyNodes } from "@patchbay/graph/comfy-nodes";
import { describeNodes } from "@patchbay/nodes";
import { describe, expect, it } from "vitest";
import { validatePrompt } from "./validatePrompt.js";

const nodes = { runnable: describeNodes(), known: comfyNodes() };
const problems = (prompt: Prompt): string[] => validatePrompt(prompt, nodes).map(({ code, path }) => `${code} ${path}`.trim());

const good: Prompt = {
  "1": { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "a.safetensors" } },
  "2": { class_type: "CLIPTextEncode", inputs: { text: "a", clip: ["1", 1] } },
  "3": { class_type: "EmptyLatentImage", inputs: { width: 64, height: 64, batch_size: 1 } },
  "4": {
    class_type: "KSampler",
    inputs: {
      model: ["1", 0],
      seed: 2n ** 64n - 1n,
      steps: 1,
      cfg: 1,
      sampler_name: "euler",
      scheduler: "normal",
      positive: ["2", 0],
      negative: ["2", 0],
      latent_image: ["3", 0],
      denoise: 1,
    },
  },
  "5": { class_type: "VAEDecode", inputs: { samples: ["4", 0], vae: ["1", 2] } },
  "6": { class_type: "SaveImage", inputs: { images: ["5", 0], filename_prefix: "a" } },
};

function changed(id: string, inputs: Prompt[string]["inputs"], type?: string): Prompt {
  return { ...good, [id]: { class_type: type ?? good[id]!.class_type, inputs: { ...good[id]!.inputs, ...inputs } } };
}

describe("validatePrompt", () => {
  it("finds nothing wrong with a good graph, with numbers as texts, or with inputs that no node declares", () => {
    expect(problems(good)).toEqual([]);
    expect(problems(changed("3", { width: "64", more: [1] }))).toEqual([]);
    expect(problems(changed("4", { cfg: "7.5", steps: 1.9 }))).toEqual([]);
  });

  it.each([
    ["seed", 2n ** 64n, "GRAPH_INPUT_RANGE"],
    ["seed", -1, "GRAPH_INPUT_RANGE"],
    ["steps", 0, "GRAPH_INPUT_RANGE"],
    ["steps", "many", "GRAPH_INPUT_TYPE"],
    ["steps", null, "GRAPH_INPUT_TYPE"],
    ["steps", { a: 1 }, "GRAPH_INPUT_TYPE"],
    ["steps", { __value__: [1] }, "GRAPH_INPUT_TYPE"],
    ["cfg", NaN, "GRAPH_INPUT_TYPE"],
    ["cfg", Infinity, "GRAPH_INPUT_TYPE"],
    ["cfg", true, "GRAPH_INPUT_TYPE"],
    ["sampler_name", "eulr", "GRAPH_INPUT_CHOICE"],
    ["sampler_name", 3, "GRAPH_INPUT_CHOICE"],
    ["model", "a.safetensors", "GRAPH_INPUT_UNLINKED"],
    ["model", ["9", 0], "GRAPH_LINK_ORIGIN"],
    ["model", ["1", 3], "GRAPH_LINK_SLOT"],
    ["model", ["1", -1], "GRAPH_LINK_SLOT"],
    ["model", ["1", 0.5], "GRAPH_LINK_SLOT"],
    ["model", ["1", 1], "GRAPH_LINK_TYPE"],
    ["steps", ["1", 1], "GRAPH_LINK_TYPE"],
  ] as const)("%s: %o is %s", (input, value, code) => {
    expect(problems(changed("4", { [input]: value as never }))).toEqual([`${code} 4.inputs.${input}`]);
  });

  it("refuses a file name that is no text, and a text that is an object", () => {
    expect(problems(changed("1", { ckpt_name: 5 }))).toEqual(["GRAPH_INPUT_TYPE 1.inputs.ckpt_name"]);
    expect(problems(changed("2", { text: { a: 1 } }))).toEqual(["GRAPH_INPUT_TYPE 2.inputs.text"]);
  });

  it("names what is missing, with a default or without", () => {
    const { seed: _, model: __, ...inputs } = good["4"]!.inputs;
    expect(problems({ ...good, "4": { class_type: "KSampler", inputs } })).toEqual([
      "GRAPH_INPUT_MISSING 4.inputs.model",
      "GRAPH_INPUT_MISSING 4.inputs.seed",
    ]);
  });

  it("tells unknown nodes, those of ComfyUI that aren't here, and slips of the pen apart", () => {
    const messages = (type: string): string => validatePrompt(changed("5", {}, type), nodes)[0]!.message;
    expect(messages("Nonsense")).toContain("There is no node");
    expect(messages("FreeU")).toContain("not there in Patchbay yet");
    expect(messages("vae_decode")).toContain('it is called "VAEDecode"');
    expect(messages("toString")).toContain("There is no node");
  });

  it("needs something that is saved", () => {
    const { "6": _, ...rest } = good;
    expect(problems(rest)).toEqual(["GRAPH_NO_OUTPUT"]);
    expect(problems({})).toEqual(["GRAPH_NO_OUTPUT"]);
  });

  it("checks what an output needs, not the rest", () => {
    expect(problems({ ...good, "7": { class_type: "VAEDecode", inputs: {} } })).toEqual([]);
  });

  it("finds circles", () => {
    const scale = (image: string): Prompt[string] => ({
      class_type: "ImageScale",
      inputs: { image: [image, 0], upscale_method: "bilinear", width: 8, height: 8, crop: "disabled" },
    });
    const circle: Prompt = {
      a: scale("b"),
      b: scale("a"),
      c: { class_type: "SaveImage", inputs: { images: ["a", 0], filename_prefix: "a" } },
    };
    expect(problems(circle)).toEqual(["GRAPH_CYCLE a"]);
    expect(validatePrompt(circle, nodes)[0]!.message).toContain('"a" → "b" → "a"');
    expect(problems({ a: scale("a"), c: circle["c"]! })).toEqual(["GRAPH_CYCLE a"]);
  });

  it("finds everything at once", () => {
    const all = changed("4", { steps: 0, cfg: "x", model: ["1", 2] });
    expect(problems({ ...all, "3": { class_type: "Nope", inputs: {} } })).toEqual([
      "GRAPH_NODE_UNKNOWN 3",
      "GRAPH_LINK_TYPE 4.inputs.model",
      "GRAPH_INPUT_RANGE 4.inputs.steps",
      "GRAPH_INPUT_TYPE 4.inputs.cfg",
    ]);
  });

  it("walks a chain of 50 000 nodes", () => {
    const chain: Prompt = { "0": { class_type: "EmptyImage", inputs: { width: 1, height: 1, batch_size: 1, color: 0 } } };
    for (let i = 1; i < 50_000; i++) chain[i] = { class_type: "ImageInvert", inputs: { image: [String(i - 1), 0] } };
    chain["50000"] = { class_type: "SaveImage", inputs: { images: ["49999", 0], filename_prefix: "a" } };
    expect(problems(chain)).toEqual([]);
  });
});
