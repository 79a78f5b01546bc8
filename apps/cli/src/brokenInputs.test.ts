import { mkdirSync, mkdtempSync, openSync, closeSync, ftruncateSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { clone, runPatchbay } from "./testing/runPatchbay.js";

const starter = join(clone, "models", "starter", "starter.safetensors");

/** A safetensors file with this header (as text or as a value) and so many bytes of data. */
function safetensors(header: unknown, dataBytes = 0, claimed?: bigint): Buffer {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimed ?? BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(dataBytes)]);
}

const tensor = (shape: readonly number[], begin: number, end: number, dtype = "F32") => ({ dtype, shape, data_offsets: [begin, end] });

/** The starter with something changed in its header. */
function changedStarter(change: (header: Record<string, { shape: number[] }>) => void): Buffer {
  const bytes = readFileSync(starter);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + length)) as Record<string, { shape: number[] }>;
  change(header);
  const data = bytes.subarray(8 + length);
  return Buffer.concat([safetensors(header), data]);
}

/** A file of zeros that takes no room on the disk, beginning with `start`. */
function writeSparse(path: string, start: Buffer, size: number): void {
  writeFileSync(path, start);
  const file = openSync(path, "r+");
  ftruncateSync(file, size);
  closeSync(file);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

function png(width: number, height: number, ...chunks: Buffer[]): Buffer {
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.set([8, 2, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc((width * 3 + 1) * Math.min(height, 4)));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", size),
    ...chunks,
    chunk("IDAT", pixels),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const node = (class_type: string, inputs: unknown) => ({ class_type, inputs });
const red = node("EmptyImage", { width: 8, height: 8, batch_size: 1, color: 0 });
const save = (from: string, prefix = "a") => node("SaveImage", { images: [from, 0], filename_prefix: prefix });
const scale = (from: unknown) => node("ImageScale", { image: from, upscale_method: "area", width: 8, height: 8, crop: "disabled" });

async function expectRefusal(args: readonly string[], cwd: string, code: string, exitCode: number): Promise<void> {
  const finished = await runPatchbay(args, { cwd });
  expect(finished.stderr.split("\n").some((line) => line.startsWith(code))).toBe(true);
  expect(finished).toMatchObject({ exitCode, stdout: "" });
  // A refusal says what is wrong; a stack is a fault of ours.
  expect(finished.stderr).not.toMatch(/\n\s+at /);
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "patchbay-broken-"));
}

describe("broken model files", () => {
  const dataOf = (bytes: Buffer) => (path: string) => writeFileSync(path, bytes);
  it.each<[what: string, write: (path: string) => void, code: string]>([
    ["empty", dataOf(Buffer.alloc(0)), "WEIGHTS_HEADER"],
    ["cut in its first word", dataOf(Buffer.alloc(5)), "WEIGHTS_HEADER"],
    ["claiming a header of 2^63 bytes", dataOf(safetensors({}, 0, 2n ** 63n)), "WEIGHTS_HEADER"],
    ["with a header of 150 MB", (path) => writeSparse(path, safetensors("{", 0, 150_000_000n), 200_000_000), "WEIGHTS_HEADER"],
    ["with a header that is no JSON", dataOf(safetensors("{nonsense")), "WEIGHTS_HEADER"],
    ["with a header that is a list", dataOf(safetensors("[]")), "WEIGHTS_HEADER"],
    ["with a header of a million brackets", dataOf(safetensors(`{"a":${"[".repeat(1e6)}`)), "WEIGHTS_HEADER"],
    [
      "with a tensor twice",
      dataOf(safetensors('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}', 4)),
      "WEIGHTS_HEADER",
    ],
    ["with a tensor beyond its end", dataOf(safetensors({ a: tensor([4], 0, 16) }, 8)), "WEIGHTS_BOUNDS"],
    ["with a tensor that ends before it begins", dataOf(safetensors({ a: tensor([1], 8, 4) }, 8)), "WEIGHTS_BOUNDS"],
    ["with overlapping tensors", dataOf(safetensors({ a: tensor([2], 0, 8), b: tensor([2], 4, 12) }, 12)), "WEIGHTS_BOUNDS"],
    ["with sizes whose product wraps around", dataOf(safetensors({ a: tensor([2 ** 32, 2 ** 32], 0, 0) })), "WEIGHTS_BOUNDS"],
    ["with a negative size", dataOf(safetensors({ a: tensor([-1], 0, 4) }, 4)), "WEIGHTS_HEADER"],
    ["with a size that is a fraction", dataOf(safetensors({ a: tensor([0.5], 0, 2) }, 2)), "WEIGHTS_HEADER"],
    ["with an unknown type", dataOf(safetensors({ a: tensor([1], 0, 4, "F31") }, 4)), "WEIGHTS_DTYPE"],
    ["that is a pickle", dataOf(Buffer.from("\x80\x02}q\x00.", "latin1")), "WEIGHTS_FORMAT"],
    ["cut after a megabyte", dataOf(readFileSync(starter).subarray(0, 1 << 20)), "WEIGHTS_BOUNDS"],
    ["without a network", dataOf(safetensors({ a: tensor([1], 0, 4) }, 4)), "MODEL_UNKNOWN"],
    [
      "that lacks a tensor",
      dataOf(changedStarter((header) => delete header["model.diffusion_model.middle_block.1.norm.weight"])),
      "WEIGHTS_MISSING",
    ],
    [
      "whose convolution is turned",
      dataOf(changedStarter((header) => header["model.diffusion_model.input_blocks.0.0.weight"]!.shape.reverse())),
      "",
    ],
  ])("%s", async (_, write, code) => {
    const folder = newFolder();
    mkdirSync(join(folder, "models", "checkpoints"), { recursive: true });
    write(join(folder, "models", "checkpoints", "m.safetensors"));
    const args = ["run", join(clone, "examples", "landscape.json"), "--models", "models", "--set", "1.ckpt_name=m.safetensors"];
    await expectRefusal(args, folder, code || "MODEL_", 1).catch(async (error: unknown) => {
      if (code) throw error;
      // Whichever of the two notices first.
      await expectRefusal(args, folder, "ENGINE_SHAPE", 1);
    });
  });
});

describe("broken graphs", () => {
  it.each<[what: string, graph: unknown, code: string]>([
    ["in a circle", { "1": scale(["2", 0]), "2": scale(["1", 0]), "3": save("1") }, "GRAPH_CYCLE"],
    ["linked to itself", { "1": scale(["1", 0]), "3": save("1") }, "GRAPH_CYCLE"],
    [
      "with a link of the wrong type",
      { "1": red, "2": node("VAEDecode", { samples: ["1", 0], vae: ["1", 0] }), "3": save("2") },
      "GRAPH_LINK_TYPE",
    ],
    [
      "with an object for a number",
      { "1": node("EmptyImage", { ...(red["inputs" as never] as object), width: { a: 1 } }), "3": save("1") },
      "GRAPH_VALUE_TYPE",
    ],
    [
      "with an infinite number",
      '{"1":{"class_type":"EmptyImage","inputs":{"width":1e999,"height":8,"batch_size":1,"color":0}},"3":{"class_type":"SaveImage","inputs":{"images":["1",0],"filename_prefix":"a"}}}',
      "GRAPH_VALUE_TYPE",
    ],
    ["with a list for inputs", { "1": node("EmptyImage", [1]), "3": save("1") }, "GRAPH_PROMPT_INVALID"],
    ["with a number for a node's type", { "1": red, "2": { class_type: 5, inputs: {} }, "3": save("1") }, "GRAPH_PROMPT_INVALID"],
    ["nested a hundred thousand deep", `${'{"a":'.repeat(1e5)}1${"}".repeat(1e5)}`, "GRAPH_TOO_DEEP"],
    [
      "of 150 001 nodes",
      Object.fromEntries(Array.from({ length: 150_001 }, (_, i) => [i, { class_type: "EmptyImage", inputs: {} }])),
      "GRAPH_TOO_LARGE",
    ],
    ["of 65 MiB", Buffer.alloc(65 << 20, " "), "GRAPH_TOO_LARGE"],
    ["that is no JSON", '{"1": {', "GRAPH_JSON_SYNTAX"],
    ["that is no text", Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), "GRAPH_TEXT_INVALID"],
    ["that is no graph", [1, 2, 3], "GRAPH_FORMAT_UNKNOWN"],
    ["that is an empty file", "", "GRAPH_JSON_SYNTAX"],
    ["whose nodes are numbers", { nodes: [1, 2], links: [] }, "GRAPH_WORKFLOW_INVALID"],
    ["whose links are objects of nothing", { nodes: [], links: [{}, null] }, "GRAPH_WORKFLOW_INVALID"],
    ["with a subgraph within itself", subgraphInItself(), "GRAPH_SUBGRAPH_RECURSION"],
    ["of a later version", { format: "patchbay", version: 999 }, "GRAPH_DOCUMENT_TOO_NEW"],
    [
      "whose document has lists for nodes",
      { format: "patchbay", version: 1, nodes: [], edges: {}, frames: {}, reroutes: {}, subgraphs: {} },
      "GRAPH_DOCUMENT_INVALID",
    ],
    ["in a PNG that is cut", png(8, 8).subarray(0, 40), "GRAPH_PNG_INVALID"],
    [
      "in a PNG with a chunk of 2 GB",
      Buffer.concat([png(8, 8).subarray(0, 8), Buffer.from([0x7f, 0xff, 0xff, 0xff]), png(8, 8).subarray(12)]),
      "GRAPH_PNG_INVALID",
    ],
    [
      "in a PNG whose text unpacks to 200 MB",
      png(8, 8, chunk("zTXt", Buffer.concat([Buffer.from("workflow\0\0", "latin1"), deflateSync(Buffer.alloc(200e6, " "))]))),
      "GRAPH_TOO_LARGE",
    ],
    ["in a PNG that has none", png(8, 8), "GRAPH_PNG_NO_GRAPH"],
  ])("%s", async (_, graph, code) => {
    const folder = newFolder();
    writeFileSync(join(folder, "graph"), Buffer.isBuffer(graph) || typeof graph === "string" ? graph : JSON.stringify(graph));
    await expectRefusal(["run", "graph"], folder, code, 2);
  });
});

describe("graphs that ask for what can't be", () => {
  const load = (image: string) => ({ "1": node("LoadImage", { image }), "3": save("1") });
  it.each<[what: string, graph: unknown, code: string, exitCode: number]>([
    ["a picture of 60 000 × 60 000 pixels", load("bomb.png"), "FILE_IMAGE_TOO_LARGE", 1],
    ["a picture that is cut", load("cut.png"), "FILE_IMAGE_INVALID", 1],
    ["a file outside", load("../../../etc/passwd"), "FILE_OUTSIDE", 2],
    ["a file by its full path", load("/etc/passwd"), "FILE_OUTSIDE", 2],
    ["to save outside", { "1": red, "3": save("1", "../../evil") }, "FILE_OUTSIDE", 1],
    ["to save under a name that is none", { "1": red, "3": save("1", "a\0b") }, "FILE_NAME", 1],
    [
      "a model outside",
      {
        "1": node("VAELoader", { vae_name: "../../../etc/passwd" }),
        "2": node("VAEDecode", { samples: ["4", 0], vae: ["1", 0] }),
        "4": node("EmptyLatentImage", { width: 64, height: 64, batch_size: 1 }),
        "3": save("2"),
      },
      "FILE_OUTSIDE",
      2,
    ],
    [
      "pictures of 4 TB",
      { "1": node("EmptyImage", { width: 16384, height: 16384, batch_size: 4096, color: 0 }), "3": save("1") },
      "NODE_TOO_LARGE",
      1,
    ],
    [
      "latents of 64 GB",
      {
        "1": node("EmptyLatentImage", { width: 16384, height: 16384, batch_size: 1024 }),
        "3": node("SaveLatent", { samples: ["1", 0], filename_prefix: "a" }),
      },
      "NODE_TOO_LARGE",
      1,
    ],
    [
      "a picture scaled to more than memory holds",
      {
        "1": { ...red },
        "2": node("ImageScale", { image: ["1", 0], upscale_method: "bicubic", width: 16384, height: 16384, crop: "disabled" }),
        "4": node("ImageScaleBy", { image: ["2", 0], upscale_method: "bicubic", scale_by: 8 }),
        "3": save("4"),
      },
      "NODE_TOO_LARGE",
      1,
    ],
    [
      "latents from a file that has none",
      { "1": node("LoadLatent", { latent: "cut.png" }), "3": node("SaveLatent", { samples: ["1", 0], filename_prefix: "a" }) },
      "WEIGHTS_HEADER",
      1,
    ],
  ])("%s", async (_, graph, code, exitCode) => {
    const folder = newFolder();
    mkdirSync(join(folder, "input"));
    writeFileSync(join(folder, "input", "bomb.png"), png(60_000, 60_000));
    writeFileSync(join(folder, "input", "cut.png"), png(200, 200).subarray(0, 60));
    writeFileSync(join(folder, "graph"), JSON.stringify(graph));
    // As much as a small machine has.
    await expectRefusal(["run", "graph", "--memory", "1G"], folder, code, exitCode);
  });
});

function subgraphInItself(): unknown {
  const id = "3b2f0c1e-0000-4000-8000-000000000001";
  const instance = {
    id: 1,
    type: id,
    pos: [0, 0],
    size: [1, 1],
    flags: {},
    order: 0,
    mode: 0,
    inputs: [],
    outputs: [],
    properties: {},
    widgets_values: [],
  };
  const definition = {
    id,
    name: "in itself",
    version: 1,
    nodes: [instance],
    links: [],
    inputs: [],
    outputs: [],
    inputNode: { id: -10, bounding: [0, 0, 1, 1] },
    outputNode: { id: -20, bounding: [0, 0, 1, 1] },
    widgets: [],
    groups: [],
  };
  return {
    last_node_id: 1,
    last_link_id: 0,
    nodes: [instance],
    links: [],
    groups: [],
    config: {},
    extra: {},
    version: 0.4,
    definitions: { subgraphs: [definition] },
  };
}
