import { emptyDocument, parseJson, stringifyDocument, stringifyJson, toPrompt, toWorkflow } from "@patchbay/graph";
import type { DocumentEdge, GraphDocument, JsonObject, JsonValue } from "@patchbay/graph";
import { describe, expect, test } from "vitest";
import { after, catalog, codeOf, graph, textToImage, wiresOf } from "../testing/graphs.js";
import { copySelection, duplicate, pasteText } from "./clipboard.js";
import type { PasteOptions } from "./clipboard.js";

function paste(
  document: GraphDocument,
  text: string,
  options: PasteOptions = {},
): { done: GraphDocument; nodes: string[]; frames: string[] } {
  const { operations, nodes, frames } = pasteText(document, catalog, text, [1000, 500], options);
  return { done: after(document, operations), nodes, frames };
}

describe("our own clipboard", () => {
  test("says what it is", () => {
    const copied = parseJson(copySelection(textToImage(), ["3"])) as JsonObject;
    expect(copied).toMatchObject({ format: "patchbay-clipboard", version: 1, frames: {}, reroutes: {}, subgraphs: {} });
    expect(Object.keys(copied["nodes"] as JsonObject)).toEqual(["3"]);
  });

  test("comes back under new ids, where it is put, with the edges among it", () => {
    const document = textToImage();
    const { done, nodes } = paste(document, copySelection(document, ["8", "9", "77"]));
    expect(nodes).toEqual(["10", "11"]);
    expect(wiresOf(done).filter((wire) => !wiresOf(document).includes(wire))).toEqual(["10.IMAGE -> 11.images"]);
    expect(done.nodes["10"]).toEqual({ ...document.nodes["8"], position: [1000, 500] });
    expect(done.nodes["11"]?.position).toEqual([1300, 500]);
    expect(done.nodes["8"]).toBe(document.nodes["8"]);
  });

  test("with its inputs connected, also to what fed it, where that is still there and the same", () => {
    const document = textToImage();
    const text = copySelection(document, ["8"]);
    const wires = (into: GraphDocument): string[] =>
      wiresOf(paste(into, text, { connectInputs: true }).done).filter((wire) => / -> 10\./.test(wire));
    expect(wires(document)).toEqual(["3.LATENT -> 10.samples", "4.VAE -> 10.vae"]);
    expect(paste(document, text).done.edges).toEqual(document.edges);
    const { "4": loader, ...others } = document.nodes;
    expect(wires({ ...document, nodes: others })).toEqual(["3.LATENT -> 10.samples"]);
    expect(wires({ ...document, nodes: { ...others, 4: { ...loader!, type: "VAELoader" } } })).toEqual(["3.LATENT -> 10.samples"]);
  });

  test("carries 64-bit seeds, frames, reroute points and ids of every form", () => {
    const edge: DocumentEdge = { from: { node: "57:1", output: "IMAGE" }, to: { node: "b", input: "images" }, reroute: "q" };
    const document = graph({ "57:1": { type: "LoadImage", inputs: { seed: (1n << 64n) - 1n }, comfy: { index: 4 } }, b: "SaveImage" }, [], {
      edges: { 1: edge },
      frames: { f: { title: "Both", bounds: [-100, -50, 900, 400] } },
      reroutes: { p: { position: [0, 0] }, q: { position: [10, 10], parent: "p" }, other: { position: [0, 0] } },
    });
    const { done, nodes, frames } = paste(emptyDocument(), copySelection(document, { nodes: ["57:1", "b"], frames: ["f"] }));
    expect([nodes, frames]).toEqual([["1", "2"], ["1"]]);
    expect(done.nodes["1"]).toEqual({ type: "LoadImage", inputs: { seed: (1n << 64n) - 1n }, position: [1100, 550], comfy: {} });
    expect(done.frames["1"]?.bounds).toEqual([1000, 500, 900, 400]);
    expect(done.edges["1"]).toEqual({ from: { node: "1", output: "IMAGE" }, to: { node: "2", input: "images" }, reroute: "1" });
    expect(done.reroutes).toEqual({ 1: { position: [1110, 560], parent: "2" }, 2: { position: [1100, 550] } });
  });

  test("is refused when it is of another version or broken", () => {
    const bad = (value: JsonValue): string => codeOf(() => pasteText(emptyDocument(), catalog, stringifyJson(value), [0, 0]));
    expect(bad({ format: "patchbay-clipboard", version: 2, nodes: {} })).toBe("EDITOR_CLIPBOARD_INVALID");
    expect(bad({ format: "patchbay-clipboard", version: 1, nodes: { 1: { type: 5 } } })).toBe("EDITOR_CLIPBOARD_INVALID");
    expect(bad({ format: "patchbay-clipboard", version: 1, edges: { 1: { from: {}, to: {} } } })).toBe("EDITOR_CLIPBOARD_INVALID");
    expect(bad([1, 2])).toBe("EDITOR_CLIPBOARD_INVALID");
    expect(codeOf(() => pasteText(emptyDocument(), catalog, "a poem, copied elsewhere", [0, 0]))).toBe("EDITOR_CLIPBOARD_INVALID");
    expect(() => pasteText(emptyDocument(), catalog, "a poem, copied elsewhere", [0, 0])).toThrow(/a poem/);
  });

  test("a thousand nodes are pasted in time that is linear", () => {
    const many = graph(
      Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [String(i + 1), "ImageInvert"])),
      Array.from({ length: 999 }, (_, i) => `${i + 1}.IMAGE -> ${i + 2}.image`),
    );
    const { operations, nodes } = pasteText(many, catalog, copySelection(many, Object.keys(many.nodes)), [0, 0]);
    const begun = performance.now();
    const done = after(many, operations);
    expect(performance.now() - begun).toBeLessThan(1000);
    expect([nodes.length, Object.keys(done.nodes).length, Object.keys(done.edges).length]).toEqual([1000, 2000, 1998]);
  });
});

describe("subgraphs", () => {
  const definition = (type: string): GraphDocument["subgraphs"][string] => ({
    name: "S",
    inputs: [],
    outputs: [],
    nodes: { 1: { type, position: [0, 0], inputs: {} } },
    edges: {},
    frames: {},
    reroutes: {},
  });
  const source = graph({ 1: "outer", 2: "Note" }, [], {
    subgraphs: { outer: definition("inner"), inner: definition("ImageInvert"), unused: definition("Note") },
  });
  const text = copySelection(source, ["1"]);

  test("come along with those nested in them, and are shared where they are there", () => {
    const { done } = paste(emptyDocument(), text);
    expect(done.subgraphs).toEqual({ outer: source.subgraphs["outer"], inner: source.subgraphs["inner"] });
    expect(paste(source, text).done.subgraphs).toBe(source.subgraphs);
  });

  test("that differ from those of their ids get others, as do those that hold them", () => {
    const document = {
      ...source,
      subgraphs: { outer: definition("inner"), inner: definition("ImageScale"), "inner-2": definition("Note") },
    };
    const { done, nodes } = paste(document, text);
    expect(Object.keys(done.subgraphs)).toEqual(["outer", "inner", "inner-2", "outer-2", "inner-3"]);
    expect(done.nodes[nodes[0]!]?.type).toBe("outer-2");
    expect(done.subgraphs["outer-2"]?.nodes["1"]?.type).toBe("inner-3");
    expect(done.subgraphs["inner-3"]?.nodes["1"]?.type).toBe("ImageInvert");
    expect(done.subgraphs["inner"]).toBe(document.subgraphs["inner"]);
  });
});

describe("what others copy", () => {
  test("whole graphs in any format", () => {
    const document = textToImage();
    for (const text of [
      stringifyDocument(document),
      stringifyJson(toWorkflow(document, catalog)),
      stringifyJson(toPrompt(document, catalog) as unknown as JsonValue),
    ]) {
      const { done } = paste(emptyDocument(), text);
      expect(wiresOf(done)).toHaveLength(9);
      const types = wiresOf(done).map((wire) => wire.replaceAll(/\d+(?=\.)/g, (id) => done.nodes[id]!.type));
      expect(types).toContain("CheckpointLoaderSimple.MODEL -> KSampler.model");
      expect(Math.min(...Object.values(done.nodes).map(({ position }) => position[0]))).toBe(1000);
    }
  });

  const nodes: JsonObject[] = [
    {
      id: 12,
      type: "LoadImage",
      pos: [10, 20],
      outputs: [
        { name: "IMAGE", type: "IMAGE", links: [7] },
        { name: "MASK", type: "MASK", links: [] },
      ],
      widgets_values: ["é.png", "image"],
    },
    { id: 40, type: "SaveImage", pos: [310, 20], inputs: [{ name: "images", type: "IMAGE", link: null }], widgets_values: ["out"] },
  ];

  test("ComfyUI's clipboard, with links as objects", () => {
    const clipboard = {
      nodes,
      links: [
        { id: 7, origin_id: 12, origin_slot: 0, target_id: 40, target_slot: 0, type: "IMAGE" },
        { id: 8, origin_id: 99, origin_slot: 0, target_id: 40, target_slot: 0, type: "IMAGE" },
        { id: 9, origin_id: 12, origin_slot: 0, target_id: 40, target_slot: 55, type: "IMAGE" },
      ],
      groups: [{ title: "G", bounding: [0, -40, 600, 300] }],
      reroutes: [],
      subgraphs: [],
    };
    const text = stringifyJson(clipboard as unknown as JsonValue);
    const html = `<meta charset="utf-8"><div><span data-metadata="${Buffer.from(text).toString("base64")}"></span></div><span>Text</span>`;
    for (const each of [text, html]) {
      const { done } = paste(emptyDocument(), each);
      expect(wiresOf(done)).toEqual(["1.IMAGE -> 2.images"]);
      expect(done.nodes["1"]?.inputs).toEqual({ image: "é.png" });
      expect(done.frames["1"]).toMatchObject({ title: "G", bounds: [1000, 500, 600, 300] });
    }
  });

  test("older ones, with links by place", () => {
    const copied = nodes.map((node) => ({ ...node, id: -1 }));
    const { done } = paste(emptyDocument(), stringifyJson({ nodes: copied, links: [[0, 0, 1, 0, 12]] } as unknown as JsonValue));
    expect(wiresOf(done)).toEqual(["1.IMAGE -> 2.images"]);
  });

  test("that is broken is refused or loses its wires, but never harms", () => {
    const odd: JsonValue[] = [
      { nodes: [null, 5, { type: "SaveImage", inputs: "x" }], links: [[0, 0, 1, 0]] },
      { nodes: [{ id: 1, type: "SaveImage", inputs: [{ name: "images" }] }], links: [null, 3, {}, [9, 9], [0, "a", 0, 0]] },
      { nodes: [{ id: {}, type: "SaveImage" }] },
      { nodes: [{ id: 1 }, { id: 1 }] },
    ];
    const outcomes = odd.map((value) => codeOf(() => paste(emptyDocument(), stringifyJson(value))));
    expect(outcomes).toEqual(["EDITOR_CLIPBOARD_INVALID", "none", "EDITOR_CLIPBOARD_INVALID", "EDITOR_CLIPBOARD_INVALID"]);
    expect(codeOf(() => paste(emptyDocument(), '<span data-metadata="!!!!">'))).toBe("EDITOR_CLIPBOARD_INVALID");
    expect(codeOf(() => paste(emptyDocument(), '<span data-metadata="AAAA">'))).toBe("EDITOR_CLIPBOARD_INVALID");
  });
});

test("a duplicate stands beside the original, fed by the same", () => {
  const document = textToImage();
  const { operations, nodes } = duplicate(document, catalog, { nodes: ["8", "9"] });
  const done = after(document, operations);
  expect(nodes).toEqual(["10", "11"]);
  expect(done.nodes["10"]?.position).toEqual([document.nodes["8"]!.position[0] + 40, document.nodes["8"]!.position[1] + 40]);
  expect(wiresOf(done).filter((wire) => / -> 1[01]\./.test(wire))).toEqual([
    "10.IMAGE -> 11.images",
    "3.LATENT -> 10.samples",
    "4.VAE -> 10.vae",
  ]);
  const alone = after(document, duplicate(document, catalog, ["8"], { connectInputs: false }).operations);
  expect(alone.edges).toBe(document.edges);
});
