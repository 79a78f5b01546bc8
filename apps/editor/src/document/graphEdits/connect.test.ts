import type { GraphDocument } from "@patchbay/graph";
import { describe, expect, test } from "vitest";
import { after, catalog, codeOf, graph, textToImage, wiresOf } from "../testing/graphs.js";
import { connect, disconnect } from "./connect.js";

describe("connect", () => {
  test("adds an edge under the next id", () => {
    const document = graph({ 1: "LoadImage", 2: "SaveImage" });
    const operations = connect(document, catalog, { node: "1", output: "IMAGE" }, { node: "2", input: "images" });
    expect(wiresOf(after(document, operations))).toEqual(["1.IMAGE -> 2.images"]);
    expect(operations).toMatchObject([{ kind: "addEdge", id: "1" }]);
  });

  test("takes the place of the edge that was there, and does nothing the second time", () => {
    const document = textToImage();
    const from = { node: "6", output: "CONDITIONING" };
    const done = after(document, connect(document, catalog, from, { node: "3", input: "negative" }));
    expect(wiresOf(done)).toContain("6.CONDITIONING -> 3.negative");
    expect(wiresOf(done)).not.toContain("7.CONDITIONING -> 3.negative");
    expect(connect(done, catalog, from, { node: "3", input: "negative" })).toEqual([]);
  });

  test("says why it cannot", () => {
    const document = textToImage();
    const wrong = (): unknown => connect(document, catalog, { node: "4", output: "VAE" }, { node: "3", input: "model" });
    expect(codeOf(wrong)).toBe("EDITOR_CONNECTION_INVALID");
    expect(wrong).toThrow(/gives VAE and the input takes MODEL/);
  });

  test("a primitive takes over the value, and the control, of the first input that it sets", () => {
    const document = graph({ 1: "PrimitiveNode", 2: { type: "KSampler", inputs: { seed: 77 }, controls: { seed: "increment" } } });
    const done = after(document, connect(document, catalog, { node: "1", output: "#0" }, { node: "2", input: "seed" }));
    expect(done.nodes["1"]).toMatchObject({ inputs: { value: 77 }, controls: { value: "increment" } });
    const second = after(done, connect(done, catalog, { node: "1", output: "#0" }, { node: "2", input: "steps" }));
    expect(second.nodes["1"]).toBe(done.nodes["1"]);
  });
});

describe("reroute points", () => {
  const edge = (reroute?: string): GraphDocument["edges"][string] => ({
    from: { node: "1", output: "IMAGE" },
    to: { node: reroute === "b" ? "2" : "3", input: "images" },
    ...(reroute === undefined ? {} : { reroute }),
  });
  const document = graph({ 1: "LoadImage", 2: "SaveImage", 3: "SaveImage", 4: "LoadImage" }, [], {
    edges: { 1: edge("b"), 2: edge("a") },
    reroutes: { a: { position: [0, 0] }, b: { position: [0, 0], parent: "a" }, lone: { position: [5, 5] } },
  });

  test("go with the last edge through them", () => {
    expect(Object.keys(after(document, disconnect("1", document)).reroutes)).toEqual(["a", "lone"]);
    expect(Object.keys(after(document, disconnect("2", document)).reroutes)).toEqual(["a", "b", "lone"]);
    expect(disconnect("1")).toEqual([{ kind: "removeEdge", id: "1" }]);
    const replaced = connect(document, catalog, { node: "4", output: "IMAGE" }, { node: "2", input: "images" });
    expect(Object.keys(after(document, replaced).reroutes)).toEqual(["a", "lone"]);
  });
});
