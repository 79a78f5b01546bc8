import { GraphError, parseDocument, parseJson, readGraph, stringifyDocument, stringifyJson, toPrompt, toWorkflow } from "@patchbay/graph";
import type { JsonObject, JsonValue } from "@patchbay/graph";
import { describe, expect, test } from "vitest";
import { exportGraph, openGraphFile, runnableOf, titleOfFile, withKnownOutputs } from "./openGraph.js";
import { catalog, graph, textToImage, wiresOf } from "./testing/graphs.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("openGraphFile", () => {
  test("reads every format and names the graph after its file", () => {
    const document = textToImage();
    const files = {
      document: stringifyDocument(document),
      workflow: stringifyJson(toWorkflow(document, catalog)),
      prompt: stringifyJson(toPrompt(document, catalog) as unknown as JsonValue),
    };
    for (const [kind, text] of Object.entries(files)) {
      const opened = openGraphFile(bytes(text), catalog, { fileName: "My landscape.json" });
      expect([opened.kind, opened.document.title, opened.warnings]).toEqual([kind, "My landscape", []]);
      expect(wiresOf(opened.document)).toEqual(wiresOf(document));
    }
  });

  test("a title of its own stays; a name that is only an ending gives none", () => {
    const titled = stringifyDocument({ ...textToImage(), title: "Own" });
    expect(openGraphFile(bytes(titled), catalog, { fileName: "other.json" }).document.title).toBe("Own");
    expect(openGraphFile(bytes(stringifyDocument(textToImage())), catalog, { fileName: ".json" }).document).not.toHaveProperty("title");
  });

  test("what is no graph is refused", () => {
    expect(() => openGraphFile(bytes("[1]"), catalog, { fileName: "x.json" })).toThrow(GraphError);
    expect(() => openGraphFile(new Uint8Array([0xff, 0xfe]), catalog, { fileName: "x.png" })).toThrow(GraphError);
  });

  test("titles are names without folders and endings", () => {
    const names = ["a/b/My graph.api.json", "C:\\x\\picture_0001.PNG", "v1.5 test.patchbay.json", "plain", "a.json.json"];
    expect(names.map(titleOfFile)).toEqual(["My graph", "picture_0001", "v1.5 test", "plain", "a.json"]);
  });
});

test("edges that name outputs by slot name them as the catalog does, once it knows", () => {
  const document = graph({ 1: "LoadImage", 2: "SaveImage", 3: "Foreign", 4: "SaveImage" }, [
    "1.#0 -> 2.images",
    "3.#1 -> 4.images",
    "1.#9 -> 3.x",
  ]);
  const known = withKnownOutputs(document, catalog);
  expect(wiresOf(known)).toEqual(["1.#9 -> 3.x", "1.IMAGE -> 2.images", "3.#1 -> 4.images"]);
  expect(known.edges["2"]).toBe(document.edges["2"]);
  expect(withKnownOutputs(known, catalog)).toBe(known);
});

describe("exportGraph", () => {
  const document = { ...textToImage(), title: 'What/is: "this"?' };

  test("writes each format under a name that file systems take, and reads back", () => {
    const written = (["document", "workflow", "prompt"] as const).map((format) => exportGraph(document, catalog, format));
    expect(written.map(({ fileName }) => fileName)).toEqual(["What is this.patchbay.json", "What is this.json", "What is this.api.json"]);
    expect(written.map(({ text }) => readGraph(text, { catalog }).kind)).toEqual(["document", "workflow", "prompt"]);
    expect(parseDocument(written[0]!.text)).toEqual(document);
    for (const { text } of written) expect(wiresOf(readGraph(text, { catalog }).document)).toEqual(wiresOf(document));
  });

  test("names that mean something else are not used", () => {
    const named = (title: string): string => exportGraph({ ...document, title }, catalog, "workflow").fileName;
    expect(["", "...", "CON", "a\u0000b", "x".repeat(200)].map(named)).toEqual([
      "graph.json",
      "graph.json",
      "graph.json",
      "a b.json",
      `${"x".repeat(80)}.json`,
    ]);
  });
});

test("a run gets the prompt with defaults filled in, and the workflow", () => {
  const { prompt, workflow } = runnableOf(textToImage(), catalog);
  expect(prompt["3"]?.inputs).toMatchObject({ seed: 156680208700286, steps: 20, cfg: 8, sampler_name: "euler", model: ["4", 0] });
  expect((workflow["nodes"] as JsonObject[]).map(({ id }) => id)).toEqual([3, 4, 5, 6, 7, 8, 9]);
  expect(parseJson(exportGraph(textToImage(), catalog, "prompt").text)).toEqual(prompt);
});
