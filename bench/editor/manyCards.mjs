// A graph of many cards, as a Patchbay document: little pipelines of seven cards each, in a grid.

const columns = [
  { type: "CheckpointLoaderSimple", at: [0, 120], inputs: { ckpt_name: "starter.safetensors" } },
  { type: "CLIPTextEncode", at: [340, 0], inputs: { text: "a red barn on a green hill under a blue sky" } },
  { type: "CLIPTextEncode", at: [340, 200], inputs: { text: "" } },
  { type: "EmptyLatentImage", at: [340, 400], inputs: { width: 128, height: 128, batch_size: 1 } },
  {
    type: "KSampler",
    at: [680, 60],
    inputs: { seed: 7, steps: 20, cfg: 4, sampler_name: "euler", scheduler: "normal", denoise: 1 },
    controls: { seed: "randomize" },
  },
  { type: "VAEDecode", at: [1020, 60], inputs: {} },
  { type: "SaveImage", at: [1020, 160], inputs: { filename_prefix: "many" } },
];
/** From card, output, to card, input. */
const wires = [
  [0, "CLIP", 1, "clip"],
  [0, "CLIP", 2, "clip"],
  [0, "MODEL", 4, "model"],
  [1, "CONDITIONING", 4, "positive"],
  [2, "CONDITIONING", 4, "negative"],
  [3, "LATENT", 4, "latent_image"],
  [4, "LATENT", 5, "samples"],
  [0, "VAE", 5, "vae"],
  [5, "IMAGE", 6, "images"],
];
const [acrossStep, downStep] = [1420, 640];

/** A document with `count` cards, `across` pipelines in a row. */
export function manyCards(count, across = 6) {
  const document = {
    format: "patchbay",
    version: 1,
    title: `${count} cards`,
    nodes: {},
    edges: {},
    frames: {},
    reroutes: {},
    subgraphs: {},
  };
  let edge = 0;
  for (let id = 1; id <= count; id++) {
    const [pipeline, part] = [Math.floor((id - 1) / columns.length), (id - 1) % columns.length];
    const { at, ...node } = columns[part];
    document.nodes[id] = {
      ...node,
      position: [at[0] + (pipeline % across) * acrossStep, at[1] + Math.floor(pipeline / across) * downStep],
    };
    const first = pipeline * columns.length + 1;
    for (const [from, output, to, input] of wires) {
      if (to === part) document.edges[++edge] = { from: { node: String(first + from), output }, to: { node: String(id), input } };
    }
  }
  return document;
}
