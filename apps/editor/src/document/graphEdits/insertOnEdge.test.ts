import { expect, test } from "vitest";
import { after, catalog, graph, wiresOf } from "../testing/graphs.js";
import { insertOnEdge } from "./insertOnEdge.js";

test("a node that fits is spliced in", () => {
  const document = graph({ 1: "CheckpointLoaderSimple", 2: "KSampler", 3: "LoraLoader" }, ["1.MODEL -> 2.model"]);
  const done = after(document, insertOnEdge(document, catalog, "3", "1"));
  expect(wiresOf(done)).toEqual(["1.MODEL -> 3.model", "3.MODEL -> 2.model"]);
  // The wire that was there is the one that leads on.
  expect(done.edges["1"]?.to).toEqual({ node: "2", input: "model" });
});

test("a Reroute fits any wire", () => {
  const document = graph({ 1: "LoadImage", 2: "SaveImage", 3: "Reroute" }, ["1.IMAGE -> 2.images"]);
  expect(wiresOf(after(document, insertOnEdge(document, catalog, "3", "1")))).toEqual(["1.IMAGE -> 3.#0", "3.#0 -> 2.images"]);
});

test("what does not fit is left where it is", () => {
  const document = graph({ 1: "LoadImage", 2: "SaveImage", 3: "VAEDecode", 4: "ImageInvert", 5: "ImageInvert", 6: "ImageInvert" }, [
    "1.IMAGE -> 2.images",
    "4.IMAGE -> 5.image",
    "5.IMAGE -> 6.image",
  ]);
  // Of another type, at the wire's end, with its input taken, or not there.
  expect(insertOnEdge(document, catalog, "3", "1")).toEqual([]);
  expect(insertOnEdge(document, catalog, "2", "1")).toEqual([]);
  expect(insertOnEdge(document, catalog, "5", "1")).toEqual([]);
  expect(insertOnEdge(document, catalog, "99", "1")).toEqual([]);
  expect(insertOnEdge(document, catalog, "4", "99")).toEqual([]);
  expect(insertOnEdge(document, catalog, "4", "1")).toHaveLength(2);
  // Dropped behind itself it would feed itself.
  expect(insertOnEdge(document, catalog, "4", "3")).toEqual([]);
});
