import type { GraphDocument } from "@patchbay/graph";
import { describe, expect, test } from "vitest";
import { after, catalog, graph, textToImage, wiresOf } from "../testing/graphs.js";
import { deleteSelection } from "./deleteSelection.js";
import type { Selection } from "./deleteSelection.js";

const without = (document: GraphDocument, selection: Selection, heal = true): GraphDocument =>
  after(document, deleteSelection(document, catalog, selection, { heal }));

describe("nodes", () => {
  const loras = graph({ 1: "CheckpointLoaderSimple", 2: "LoraLoader", 3: "LoraLoader", 4: "KSampler", 5: "CLIPTextEncode" }, [
    "1.MODEL -> 2.model",
    "1.CLIP -> 2.clip",
    "2.MODEL -> 3.model",
    "2.CLIP -> 3.clip",
    "3.MODEL -> 4.model",
    "3.CLIP -> 5.clip",
  ]);

  test("go with their edges", () => {
    const done = without(loras, { nodes: ["3"] }, false);
    expect(Object.keys(done.nodes)).toEqual(["1", "2", "4", "5"]);
    expect(wiresOf(done)).toEqual(["1.CLIP -> 2.clip", "1.MODEL -> 2.model"]);
  });

  test("healing links what they fed to what fed them, by type", () => {
    expect(wiresOf(without(loras, { nodes: ["3"] }))).toEqual([
      "1.CLIP -> 2.clip",
      "1.MODEL -> 2.model",
      "2.CLIP -> 5.clip",
      "2.MODEL -> 4.model",
    ]);
  });

  test("healing goes through chains of deleted nodes, selected wires or not", () => {
    const healed = ["1.CLIP -> 5.clip", "1.MODEL -> 4.model"];
    expect(wiresOf(without(loras, { nodes: ["2", "3"] }))).toEqual(healed);
    expect(wiresOf(without(loras, { nodes: ["3", "2"], edges: Object.keys(loras.edges) }))).toEqual(healed);
  });

  test("where nothing of the type comes in, nothing is linked", () => {
    const done = without(textToImage(), { nodes: ["8"] });
    expect(wiresOf(done).filter((wire) => / -> 9\./.test(wire))).toEqual([]);
    const sampler = without(textToImage(), { nodes: ["3"] });
    expect(wiresOf(sampler)).toContain("5.LATENT -> 8.samples");
  });

  test("a healed wire keeps its id and the points it runs through, but not a type that may be wrong", () => {
    const document = graph({ 1: "LoadImage", 2: "ImageInvert", 3: "SaveImage" }, [], {
      edges: {
        4: { from: { node: "1", output: "IMAGE" }, to: { node: "2", input: "image" } },
        5: { from: { node: "2", output: "IMAGE" }, to: { node: "3", input: "images" }, type: "IMAGE", reroute: "r" },
      },
      reroutes: { r: { position: [0, 0] } },
    });
    const done = without(document, { nodes: ["2"] });
    expect(done.edges).toEqual({ 5: { from: { node: "1", output: "IMAGE" }, to: { node: "3", input: "images" }, reroute: "r" } });
    expect(Object.keys(without(document, { nodes: ["2"] }, false).reroutes)).toEqual([]);
  });

  test("Reroute nodes pass through; a field that a primitive set keeps the value", () => {
    const reroutes = graph({ 1: "LoadImage", 2: "Reroute", 3: "SaveImage" }, ["1.IMAGE -> 2.#0", "2.#0 -> 3.images"]);
    expect(wiresOf(without(reroutes, { nodes: ["2"] }))).toEqual(["1.IMAGE -> 3.images"]);
    const primitive = graph({ 1: { type: "PrimitiveNode", inputs: { value: 12 } }, 2: "KSampler" }, ["1.#0 -> 2.steps"]);
    expect(without(primitive, { nodes: ["1"] }).nodes["2"]?.inputs["steps"]).toBe(12);
    expect(without(primitive, { nodes: ["1"] }, false).nodes["2"]?.inputs).toEqual({});
  });

  test("a circle of deleted nodes heals to nothing", () => {
    const circle = graph({ 1: "ImageInvert", 2: "ImageInvert", 3: "SaveImage" }, [
      "1.IMAGE -> 2.image",
      "2.IMAGE -> 1.image",
      "2.IMAGE -> 3.images",
    ]);
    expect(wiresOf(without(circle, { nodes: ["1", "2"] }))).toEqual([]);
  });

  test("what leads nowhere goes too, and ids that are not there are passed over", () => {
    const dangling = graph({ 1: "SaveImage" }, ["9.IMAGE -> 1.images"]);
    expect(without(dangling, { nodes: ["1", "77"], edges: ["x"], frames: ["x"], reroutes: ["x"] }).edges).toEqual({});
    expect(deleteSelection(dangling, catalog, { nodes: ["77"] })).toEqual([]);
    expect(deleteSelection(dangling, catalog, {})).toEqual([]);
  });
});

describe("the rest", () => {
  test("edges and frames go alone", () => {
    const document = graph({ 1: "LoadImage", 2: "SaveImage" }, ["1.IMAGE -> 2.images"], {
      frames: { f: { title: "", bounds: [0, 0, 999, 999] } },
    });
    expect(without(document, { edges: ["1"] }).edges).toEqual({});
    const done = without(document, { frames: ["f"] });
    expect([done.frames, done.nodes]).toEqual([{}, document.nodes]);
  });

  test("wires through deleted points run through the next that stays", () => {
    const edge = { from: { node: "1", output: "IMAGE" }, to: { node: "2", input: "images" } };
    const reroutes: GraphDocument["reroutes"] = {
      a: { position: [0, 0] },
      b: { position: [1, 0], parent: "a" },
      c: { position: [2, 0], parent: "b" },
    };
    const document = graph({ 1: "LoadImage", 2: "SaveImage" }, [], { edges: { 1: { ...edge, reroute: "c" } }, reroutes });
    const middle = without(document, { reroutes: ["b"] });
    expect(middle.reroutes).toEqual({ a: reroutes["a"], c: { position: [2, 0], parent: "a" } });
    expect(without(document, { reroutes: ["c", "b"] }).edges["1"]?.reroute).toBe("a");
    const none = without(document, { reroutes: ["a", "b", "c"] });
    expect([none.edges["1"], none.reroutes]).toEqual([edge, {}]);
    expect(without(document, { reroutes: ["a"] }).reroutes["b"]).toEqual({ position: [1, 0] });
    expect(without(document, { edges: ["1"], reroutes: ["b"] }).reroutes).toEqual({});
  });
});
