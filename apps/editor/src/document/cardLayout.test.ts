import type { DocumentNode, GraphDocument, NodeInfo, SubgraphDefinition } from "@patchbay/graph";
import { emptyDocument } from "@patchbay/graph";
import { describe, expect, test } from "vitest";
import { cardInput, cardOf } from "./cardLayout.js";
import type { Card } from "./cardLayout.js";
import { edgesByNode, edgesOf } from "./edgesByNode.js";
import { applyOperation } from "./operation.js";
import { catalog, codeOf, graph, textToImage } from "./testing/graphs.js";

const keys = (ports: readonly { readonly key: string }[]): string[] => ports.map(({ key }) => key);
const shape = (card: Card): Record<string, string[]> => ({
  sockets: keys(card.sockets),
  fields: keys(card.fields),
  outputs: keys(card.outputs),
});

describe("nodes of the catalog", () => {
  test("sockets, fields and outputs in the catalog's order, with edges and values", () => {
    const card = cardOf(textToImage(), catalog, "3");
    expect(shape(card)).toEqual({
      sockets: ["model", "positive", "negative", "latent_image"],
      fields: ["seed", "steps", "cfg", "sampler_name", "scheduler", "denoise"],
      outputs: ["LATENT"],
    });
    expect(card).toMatchObject({ title: "KSampler", unknown: false, subgraph: undefined });
    expect(cardInput(card, "model")).toMatchObject({ edge: "1", type: "MODEL", kind: "link", value: undefined });
    expect(cardInput(card, "seed")).toMatchObject({ edge: undefined, value: 156680208700286, control: "randomize", kind: "int" });
    // What a run fills in is shown, but never a file that happens to be there.
    expect(cardInput(card, "cfg")?.value).toBe(8);
    expect(cardInput(card, "sampler_name")?.value).toBe("euler");
    expect(cardInput(cardOf(textToImage(), catalog, "4"), "ckpt_name")?.value).toBeUndefined();
  });

  test("a linked field keeps its place", () => {
    const card = cardOf(graph({ 1: "PrimitiveInt", 2: "KSampler" }, ["1.INT -> 2.steps"]), catalog, "2");
    expect(cardInput(card, "steps")).toMatchObject({ edge: "1", kind: "int" });
    expect(keys(card.fields)).toContain("steps");
  });

  test("a dynamic combo is followed by the inputs of its choice", () => {
    const of = (inputs: DocumentNode["inputs"]): string[] => {
      const card = cardOf(graph({ 1: { type: "ResizeImageMaskNode", inputs } }), catalog, "1");
      return [...keys(card.sockets), ...keys(card.fields)];
    };
    expect(of({})).toEqual(expect.arrayContaining(["input", "resize_type", "resize_type.width", "resize_type.height", "resize_type.crop"]));
    expect(of({ resize_type: "scale by multiplier" }).filter((key) => key.includes("."))).toEqual(["resize_type.multiplier"]);
    expect(of({ resize_type: "match size" }).filter((key) => key.includes("."))).toEqual(["resize_type.match", "resize_type.crop"]);
    const card = cardOf(graph({ 1: "ResizeImageMaskNode" }), catalog, "1");
    expect(cardInput(card, "resize_type.width")).toMatchObject({ label: "width", value: 512 });
  });

  test("an autogrow family shows one more than is in use", () => {
    const sockets = (wires: readonly string[]): string[] =>
      keys(cardOf(graph({ 1: "LoadImage", 2: "BatchImagesNode" }, wires), catalog, "2").sockets);
    expect(sockets([])).toEqual(["images.image0"]);
    expect(sockets(["1.IMAGE -> 2.images.image0"])).toEqual(["images.image0", "images.image1"]);
    expect(sockets(["1.IMAGE -> 2.images.image2"])).toEqual(["images.image0", "images.image1", "images.image2", "images.image3"]);
    expect(sockets(["1.IMAGE -> 2.images.image49"])).toHaveLength(50);
  });

  test("an edge whose port nobody knows gets a port of its name, so that it can be drawn", () => {
    const document = graph({ 1: "LoadImage", 2: "SaveImage" }, ["1.#0 -> 2.picture"]);
    expect(keys(cardOf(document, catalog, "1").outputs)).toEqual(["IMAGE", "MASK", "#0"]);
    expect(cardOf(document, catalog, "2").sockets.at(-1)).toMatchObject({ key: "picture", type: "*", edge: "1" });
  });

  test("labels that a file gave its slots are kept", () => {
    const comfy = { inputs: [{ name: "images", label: "Pictures" }], outputs: [{ name: "images", label: "Out" }] };
    const card = cardOf(graph({ 1: { type: "SaveImage", title: "Keep", comfy } }), catalog, "1");
    expect([card.title, card.sockets[0]?.label, card.outputs[0]?.label]).toEqual(["Keep", "Pictures", "Out"]);
  });
});

describe("placeholders", () => {
  test("show the slots and named values that their file kept", () => {
    const comfy = {
      inputs: [
        { name: "image", type: "IMAGE" },
        { name: "amount", type: "INT", widget: { name: "amount" } },
      ],
      outputs: [{ name: "IMAGE", type: "IMAGE" }, { name: "IMAGE", type: "IMAGE" }, { type: "MASK" }],
      widgets_values: [3],
    };
    const document = graph({ 1: "LoadImage", 2: { type: "Foreign", comfy, inputs: { amount: 3, note: "long\ntext" } } }, [
      "1.IMAGE -> 2.image",
    ]);
    const card = cardOf(document, catalog, "2");
    expect(card).toMatchObject({ unknown: true, title: "Foreign", schema: undefined });
    expect(shape(card)).toEqual({ sockets: ["image"], fields: ["amount", "note"], outputs: ["IMAGE#0", "IMAGE#1", "#2"] });
    expect(cardInput(card, "image")?.edge).toBe("1");
    expect(cardInput(card, "amount")).toMatchObject({ kind: "int", value: 3 });
    expect(cardInput(card, "note")).toMatchObject({ kind: "string", value: "long\ntext" });
    expect(cardInput(card, "note")?.schema.multiline).toBe(true);
  });

  test("of API prompts show their values and edges", () => {
    const document = graph({ 1: { type: "Foreign", inputs: { on: true, strength: 0.5, seed: 1n << 60n, list: [1] } }, 2: "SaveImage" }, [
      "1.#1 -> 2.images",
    ]);
    const card = cardOf(document, catalog, "1");
    expect(card.fields.map(({ kind }) => kind)).toEqual(["boolean", "float", "int", "custom"]);
    expect(keys(card.outputs)).toEqual(["#1"]);
  });

  test("become nodes of the catalog when it learns their type", () => {
    const document = graph({ 1: { type: "Foreign", inputs: { value: 2 } } });
    const before = cardOf(document, catalog, "1");
    const info: NodeInfo = { ...(catalog["PrimitiveInt"] as NodeInfo), name: "Foreign", display_name: "Known now" };
    const after = cardOf(document, { ...catalog, Foreign: info }, "1");
    expect([before.unknown, after.unknown, after.title]).toEqual([true, false, "Known now"]);
  });
});

describe("virtual nodes", () => {
  test("a Reroute has the type of what feeds it, through others, else of what it feeds", () => {
    const document = graph({ 1: "LoadImage", 2: "Reroute", 3: "Reroute", 4: "SaveImage", 5: "Reroute", 6: "Reroute", 7: "Reroute" }, [
      "1.MASK -> 2.#0",
      "2.#0 -> 3.#0",
      "5.#0 -> 4.images",
      "6.#0 -> 7.#0",
      "7.#0 -> 6.#0",
    ]);
    const types = ["2", "3", "5", "6"].map((id) => cardOf(document, catalog, id).outputs[0]?.type);
    expect(types).toEqual(["MASK", "MASK", "IMAGE", "*"]);
    expect(cardOf(document, catalog, "3").sockets).toMatchObject([{ key: "#0", type: "MASK", edge: "2" }]);
  });

  test("a primitive is the input that it sets", () => {
    const document = graph({ 1: { type: "PrimitiveNode", inputs: { value: 5 } }, 2: "Reroute", 3: "KSampler", 4: "PrimitiveNode" }, [
      "1.#0 -> 2.#0",
      "2.#0 -> 3.steps",
    ]);
    const card = cardOf(document, catalog, "1");
    expect(card.outputs).toEqual([{ key: "#0", label: "INT", type: "INT" }]);
    expect(card.fields).toMatchObject([{ key: "value", label: "steps", kind: "int", value: 5 }]);
    expect(card.fields[0]?.schema.max).toBe(10000);
    expect(shape(cardOf(document, catalog, "4"))).toEqual({ sockets: [], fields: [], outputs: ["#0"] });
  });

  test("primitives that are linked in a circle are shown all the same", () => {
    const document = graph({ 1: "PrimitiveNode", 2: "PrimitiveNode" }, ["1.#0 -> 2.value", "2.#0 -> 1.value"]);
    expect(cardOf(document, catalog, "1").outputs[0]?.type).toBe("*");
  });

  test("notes hold their text and take no wire", () => {
    const card = cardOf(graph({ 1: { type: "MarkdownNote", inputs: { text: "# Hi" } } }), catalog, "1");
    expect(card.fields).toMatchObject([{ key: "text", value: "# Hi", kind: "string" }]);
    expect(card.unknown).toBe(false);
  });
});

describe("instances of subgraphs", () => {
  const inner = graph({ 1: { type: "KSampler", title: "Sampler", inputs: { cfg: 7 }, controls: { seed: "increment" } }, 2: "KSampler" });
  const subgraph: SubgraphDefinition = {
    ...emptyParts(inner),
    name: "Two passes",
    inputs: [
      { name: "model", type: "MODEL" },
      { name: "cfg", type: "FLOAT", rest: { label: "Guidance" } },
    ],
    outputs: [{ name: "LATENT", type: "LATENT" }],
    edges: {
      1: { from: { node: "$input", output: "model" }, to: { node: "1", input: "model" } },
      2: { from: { node: "$input", output: "cfg" }, to: { node: "1", input: "cfg" } },
    },
  };
  const promoted = [
    { node: "1", input: "seed", value: 9 },
    { node: "1", input: "steps" },
    { node: "2", input: "steps", value: 4 },
  ];
  const document = graph({ 5: { type: "abc", promoted }, 6: { type: "abc", inputs: { cfg: 3 } } }, [], { subgraphs: { abc: subgraph } });

  test("border ports are sockets or, where they lead to a value, fields; promoted inputs are fields", () => {
    const card = cardOf(document, catalog, "5");
    expect(card.title).toBe("Two passes");
    expect(shape(card)).toEqual({ sockets: ["model"], fields: ["cfg", "1/seed", "1/steps", "2/steps"], outputs: ["LATENT"] });
    expect(cardInput(card, "cfg")).toMatchObject({ label: "Guidance", kind: "float", value: 7 });
    expect(cardInput(cardOf(document, catalog, "6"), "cfg")?.value).toBe(3);
    expect(cardInput(card, "1/seed")).toMatchObject({
      label: "seed",
      value: 9,
      kind: "int",
      control: "increment",
      promoted: { node: "1", input: "seed" },
    });
    // Without a value of its own the inner node's counts; two of a name say whose they are.
    expect(cardInput(card, "1/steps")).toMatchObject({ label: "Sampler: steps", value: 20 });
    expect(cardInput(card, "2/steps")).toMatchObject({ label: "KSampler: steps", value: 4 });
  });

  test("nested in others, their fields are found through all", () => {
    const outer: SubgraphDefinition = {
      ...emptyParts(graph({ 1: { type: "abc", inputs: { cfg: 2 } } })),
      name: "Outer",
      inputs: [{ name: "strength", type: "FLOAT" }],
      outputs: [],
      edges: { 1: { from: { node: "$input", output: "strength" }, to: { node: "1", input: "cfg" } } },
    };
    const nested = graph({ 1: "outer" }, [], { subgraphs: { abc: subgraph, outer } });
    expect(cardInput(cardOf(nested, catalog, "1"), "strength")).toMatchObject({ kind: "float", value: 2 });
  });

  test("one that contains itself still has a card", () => {
    const self: SubgraphDefinition = {
      ...emptyParts(graph({ 1: "self" })),
      name: "Self",
      inputs: [{ name: "in", type: "INT" }],
      outputs: [],
      edges: { 1: { from: { node: "$input", output: "in" }, to: { node: "1", input: "in" } } },
    };
    expect(keys(cardOf(graph({ 1: "self" }, [], { subgraphs: { self } }), catalog, "1").sockets)).toEqual(["in"]);
  });

  test("are made anew when the definition changes", () => {
    const before = cardOf(document, catalog, "5");
    const { document: changed } = applyOperation(document, { kind: "setSubgraph", id: "abc", subgraph: { ...subgraph, name: "Renamed" } });
    expect(cardOf(changed, catalog, "5").title).toBe("Renamed");
    expect(cardOf(document, catalog, "5")).toEqual(before);
  });
});

function emptyParts({ nodes }: GraphDocument): Pick<SubgraphDefinition, "nodes" | "frames" | "reroutes"> {
  return { nodes, frames: {}, reroutes: {} };
}

describe("sharing", () => {
  test("a card is the same object until its own node, edges or schema change", () => {
    let document = textToImage();
    const cards = (): Card[] => Object.keys(document.nodes).map((id) => cardOf(document, catalog, id));
    const changed = (before: readonly Card[]): string[] => Object.keys(document.nodes).filter((_, i) => cards()[i] !== before[i]);
    let before = cards();
    expect(changed(before)).toEqual([]);
    document = applyOperation(document, { kind: "setInput", node: "6", name: "text", value: "a jug" }).document;
    expect(changed(before)).toEqual(["6"]);
    before = cards();
    document = applyOperation(document, { kind: "removeEdge", id: "9" }).document;
    expect(changed(before)).toEqual(["9"]);
    before = cards();
    document = applyOperation(document, {
      kind: "addEdge",
      id: "20",
      edge: { from: { node: "4", output: "odd" }, to: { node: "9", input: "images" } },
    }).document;
    expect(changed(before)).toEqual(["4", "9"]);
  });

  test("a Reroute changes with what feeds it", () => {
    let document = graph({ 1: "LoadImage", 2: "Reroute", 3: "Reroute" }, ["2.#0 -> 3.#0"]);
    expect(cardOf(document, catalog, "3").outputs[0]?.type).toBe("*");
    document = applyOperation(document, {
      kind: "addEdge",
      id: "9",
      edge: { from: { node: "1", output: "IMAGE" }, to: { node: "2", input: "#0" } },
    }).document;
    expect(cardOf(document, catalog, "3").outputs[0]?.type).toBe("IMAGE");
  });

  test("no node, no card", () => {
    for (const id of ["99", "constructor"]) expect(codeOf(() => cardOf(emptyDocument(), catalog, id))).toBe("EDITOR_ID_UNKNOWN");
  });
});

test("edges are indexed by both ends, once", () => {
  const document = textToImage();
  const { byTarget, bySource } = edgesByNode(document);
  expect(byTarget.get("8")).toEqual(
    new Map([
      ["samples", "7"],
      ["vae", "8"],
    ]),
  );
  expect(bySource.get("4")).toEqual(["1", "5", "6", "8"]);
  expect(edgesByNode({ edges: document.edges })).toBe(edgesByNode(document));
  expect(edgesOf(document, new Set(["8"])).sort()).toEqual(["7", "8", "9"]);
});
