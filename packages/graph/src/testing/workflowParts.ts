import type { JsonObject, JsonValue } from "../json/jsonValue.js";

/** A node of a UI workflow. */
export function node(id: number | string, type: string, more: JsonObject = {}): JsonObject {
  return { id, type, pos: [10, 20], size: [200, 100], flags: {}, order: 0, mode: 0, inputs: [], outputs: [], properties: {}, ...more };
}

/** A UI workflow of format 0.4. */
export function workflow(nodes: JsonObject[], links: JsonValue[] = [], more: JsonObject = {}): JsonObject {
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

export const input = (name: string, type: string, link: number | null = null, more: JsonObject = {}): JsonObject => ({
  name,
  type,
  link,
  ...more,
});
export const widget = (name: string, type: string, link: number | null = null): JsonObject => input(name, type, link, { widget: { name } });
export const output = (name: string, type: string, links: number[] = []): JsonObject => ({ name, type, links });

/** Loader → sampler → decode → save, with a mute and a group; seeds beyond 2^53. */
export const plain = workflow(
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
