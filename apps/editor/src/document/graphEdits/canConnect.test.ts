import type { GraphDocument } from "@patchbay/graph";
import { describe, expect, test } from "vitest";
import { cardOf } from "../cardLayout.js";
import { catalog, graph, textToImage } from "../testing/graphs.js";
import { canConnect, connectionProblem } from "./canConnect.js";
import { connectionSources, connectionTargets } from "./connectionTargets.js";

function fits(document: GraphDocument, wire: string): boolean {
  const [, node = "", output = "", target = "", input = ""] = /^(\S+?)\.(\S+) -> (\S+?)\.(\S+)$/.exec(wire) ?? [];
  return canConnect(document, catalog, { node, output }, { node: target, input });
}

describe("canConnect", () => {
  const document = graph(
    {
      1: "CheckpointLoaderSimple",
      2: "KSampler",
      3: "VAEDecode",
      4: "ImageInvert",
      5: "SaveImage",
      6: "PreviewAny",
      7: "PrimitiveInt",
      8: "Note",
    },
    ["2.LATENT -> 3.samples", "3.IMAGE -> 4.image"],
  );

  test("types must match; any type takes all; values can be linked as well", () => {
    expect(fits(document, "1.MODEL -> 2.model")).toBe(true);
    expect(fits(document, "1.CLIP -> 2.model")).toBe(false);
    expect(fits(document, "1.CLIP -> 6.source")).toBe(true);
    expect(fits(document, "7.INT -> 2.seed")).toBe(true);
    expect(fits(document, "7.INT -> 2.cfg")).toBe(false);
    // In place of what is there.
    expect(fits(document, "4.IMAGE -> 5.images")).toBe(true);
    expect(fits(document, "3.IMAGE -> 4.image")).toBe(true);
  });

  test("a node cannot feed itself or what it depends on", () => {
    expect(fits(document, "4.IMAGE -> 4.image")).toBe(false);
    expect(connectionProblem(document, catalog, { node: "4", output: "IMAGE" }, { node: "4", input: "image" })).toBe(
      "a node cannot feed itself",
    );
    const chain = graph({ 1: "ImageInvert", 2: "ImageInvert", 3: "ImageInvert" }, ["1.IMAGE -> 2.image", "2.IMAGE -> 3.image"]);
    expect(connectionProblem(chain, catalog, { node: "3", output: "IMAGE" }, { node: "1", input: "image" })).toMatch(/circle/);
  });

  test("both ports must be there and take wires", () => {
    expect(fits(document, "1.#1 -> 2.model")).toBe(false);
    expect(fits(document, "1.MODEL -> 2.nothing")).toBe(false);
    expect(fits(document, "1.MODEL -> 99.model")).toBe(false);
    expect(fits(document, "7.INT -> 8.text")).toBe(false);
    const dynamic = graph({ 1: "PrimitiveString", 2: "ResizeImageMaskNode" });
    expect(fits(dynamic, "1.STRING -> 2.resize_type")).toBe(false);
  });

  test("a Reroute has the types of what it is linked to", () => {
    const reroutes = graph({ 1: "LoadImage", 2: "Reroute", 3: "Reroute", 4: "SaveImage", 5: "CLIPTextEncode" }, [
      "1.IMAGE -> 2.#0",
      "3.#0 -> 4.images",
    ]);
    expect(fits(reroutes, "2.#0 -> 4.images")).toBe(true);
    expect(fits(reroutes, "2.#0 -> 5.clip")).toBe(false);
    expect(fits(reroutes, "1.IMAGE -> 3.#0")).toBe(true);
    expect(fits(reroutes, "5.CONDITIONING -> 3.#0")).toBe(false);
    expect(fits(reroutes, "2.#0 -> 3.#0")).toBe(true);
    // What feeds a Reroute now will be replaced, so it does not count.
    expect(fits(reroutes, "5.CONDITIONING -> 2.#0")).toBe(true);
  });

  test("a primitive sets any value, and then others of its type only", () => {
    const fresh = graph({ 1: "PrimitiveNode", 2: "KSampler", 3: "Reroute", 4: "SaveImage" });
    expect(fits(fresh, "1.#0 -> 2.seed")).toBe(true);
    expect(fits(fresh, "1.#0 -> 2.sampler_name")).toBe(true);
    expect(fits(fresh, "1.#0 -> 2.model")).toBe(false);
    expect(fits(fresh, "1.#0 -> 3.#0")).toBe(true);
    const linked = graph({ 1: "PrimitiveNode", 2: "KSampler", 3: "CLIPTextEncode" }, ["1.#0 -> 2.seed"]);
    expect(fits(linked, "1.#0 -> 2.steps")).toBe(true);
    expect(fits(linked, "1.#0 -> 3.text")).toBe(false);
  });
});

describe("during a drag", () => {
  const documents = [
    textToImage(),
    graph(
      {
        1: "LoadImage",
        2: "Reroute",
        3: "Reroute",
        4: "SaveImage",
        5: "PrimitiveNode",
        6: "KSampler",
        7: "Reroute",
        8: "Note",
        9: "Foreign",
      },
      ["1.MASK -> 2.#0", "3.#0 -> 4.images", "5.#0 -> 6.steps", "9.#0 -> 7.#0"],
    ),
  ];

  test("the matchers answer as canConnect does, for every pair of ports", () => {
    let asked = 0;
    for (const document of documents) {
      const ids = Object.keys(document.nodes);
      const outputs = ids.flatMap((node) => cardOf(document, catalog, node).outputs.map(({ key }) => ({ node, output: key })));
      const inputs = ids.flatMap((node) => {
        const { sockets, fields } = cardOf(document, catalog, node);
        return [...sockets, ...fields].map(({ key }) => ({ node, input: key }));
      });
      const targets = outputs.map((from) => connectionTargets(document, catalog, from));
      const sources = inputs.map((to) => connectionSources(document, catalog, to));
      for (const [i, from] of outputs.entries()) {
        for (const [j, to] of inputs.entries()) {
          const expected = canConnect(document, catalog, from, to);
          expect([targets[i]!(to.node, to.input), sources[j]!(from.node, from.output)]).toEqual([expected, expected]);
          asked++;
        }
      }
    }
    expect(asked).toBeGreaterThan(200);
  });

  test("from or to what is not there nothing fits", () => {
    const [document] = documents as [GraphDocument];
    expect(connectionTargets(document, catalog, { node: "99", output: "IMAGE" })("9", "images")).toBe(false);
    expect(connectionSources(document, catalog, { node: "9", input: "nothing" })("8", "IMAGE")).toBe(false);
    expect(connectionTargets(document, catalog, { node: "8", output: "IMAGE" })("99", "images")).toBe(false);
  });

  test("a question takes no time that grows with the graph", () => {
    const nodes = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [String(i + 1), "ImageInvert"]));
    const chain = graph(
      nodes,
      Array.from({ length: 1999 }, (_, i) => `${i + 1}.IMAGE -> ${i + 2}.image`),
    );
    const matcher = connectionTargets(chain, catalog, { node: "1000", output: "IMAGE" });
    const answers = Object.keys(nodes).filter((id) => matcher(id, "image"));
    expect(answers).toHaveLength(1000);
    const begun = performance.now();
    for (let round = 0; round < 100; round++) for (const id of answers) matcher(id, "image");
    // 100 000 questions; a walk of the graph for each would take minutes.
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});
