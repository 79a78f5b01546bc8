import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyDocument } from "../document/graphDocument.js";
import { parseDocument, stringifyDocument } from "../document/parseDocument.js";
import { GraphError } from "../graphError.js";
import type { JsonObject, JsonValue } from "../json/jsonValue.js";
import { stringifyJson } from "../json/stringifyJson.js";
import { defaultLimits } from "../limits.js";
import { crc32 } from "../png/crc32.js";
import { writePngText } from "../png/pngText.js";
import { comfyNodes } from "../schema/comfyNodes.js";
import { fromPrompt } from "./fromPrompt.js";
import { fromWorkflow } from "./fromWorkflow.js";
import { graphKind, readGraph } from "./readGraph.js";
import { toPrompt } from "./toPrompt.js";
import { toWorkflow } from "./toWorkflow.js";

const catalog = comfyNodes();
const limits = { ...defaultLimits, maxBytes: 200_000, maxNodes: 500, maxLinks: 1000 };

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(8 + body.length);
  out.writeUInt32BE(data.length);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), 4 + body.length);
  return out;
}

const bare = Uint8Array.from(
  Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0)),
    chunk("IDAT", deflateSync(Uint8Array.of(0, 128))),
    chunk("IEND", new Uint8Array()),
  ]),
);

const prompt = (seed: number | bigint = 5): JsonObject => ({
  1: { class_type: "EmptyLatentImage", inputs: { width: 64, height: 64, batch_size: 1 } },
  2: {
    class_type: "KSampler",
    inputs: { seed, steps: 2, cfg: 7, sampler_name: "euler", scheduler: "normal", denoise: 1, latent_image: ["1", 0] },
  },
});

const document = (): ReturnType<typeof emptyDocument> => {
  const made = fromPrompt(prompt(), catalog);
  made.nodes["9"] = { type: "part", position: [0, 0], inputs: {}, promoted: [{ node: "1", input: "text", value: "x" }] };
  made.nodes["10"] = { type: "Reroute", position: [0, 0], inputs: {}, mode: "bypass" };
  made.frames["1"] = { title: "F", bounds: [0, 0, 10, 10] };
  made.reroutes["1"] = { position: [1, 2] };
  made.edges["1"] = { ...(made.edges["1"] as (typeof made.edges)[string]), reroute: "1" };
  const { nodes, edges, frames, reroutes } = emptyDocument();
  made.subgraphs["part"] = { name: "Part", inputs: [{ name: "a", type: "*" }], outputs: [], nodes, edges, frames, reroutes };
  made.subgraphs["part"].nodes["1"] = { type: "Note", position: [0, 0], inputs: { text: "n" } };
  return made;
};
const workflow = (): JsonObject => toWorkflow(document(), catalog);

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof GraphError) return error.code;
    throw error;
  }
  return "none";
}

describe("readGraph", () => {
  test("tells every kind, from text and bytes", () => {
    const kinds = (value: JsonValue): string[] => {
      const text = stringifyJson(value);
      return [readGraph(text, { catalog }).kind, readGraph(new TextEncoder().encode(text), { catalog }).kind];
    };
    expect(kinds(document() as unknown as JsonValue)).toEqual(["document", "document"]);
    expect(kinds(workflow())).toEqual(["workflow", "workflow"]);
    expect(kinds(prompt())).toEqual(["prompt", "prompt"]);
    expect(kinds({ prompt: prompt(), client_id: "x" })).toEqual(["prompt", "prompt"]);
  });

  test("a prompt is given back as it was, from a request's body too", () => {
    expect(readGraph(stringifyJson(prompt()), { catalog }).prompt).toEqual(prompt());
    expect(readGraph(stringifyJson({ prompt: prompt(), extra_data: {} })).prompt).toEqual(prompt());
    const named: JsonObject = { prompt: { class_type: "A", inputs: {} } };
    expect(readGraph(stringifyJson(named)).prompt).toEqual(named);
  });

  test("of a PNG the workflow counts, and the prompt comes with it", () => {
    const texts = { workflow: stringifyJson(workflow()), prompt: stringifyJson(prompt(9)) };
    const both = readGraph(writePngText(bare, texts), { catalog });
    expect(both).toMatchObject({ kind: "png", prompt: prompt(9), warnings: [] });
    expect(both.document.nodes).toHaveProperty("10");
    const one = readGraph(writePngText(bare, { prompt: texts.prompt }), { catalog });
    expect(toPrompt(one.document, catalog)["2"]?.inputs).toEqual((prompt(9)["2"] as JsonObject)["inputs"]);
    expect(readGraph(writePngText(bare, { workflow: texts.workflow }), { catalog }).prompt).toBeUndefined();
  });

  test("is_changed of NaN, as Python writes it, does no harm", () => {
    const text = '{"1": {"class_type": "A", "inputs": {}, "is_changed": [NaN]}}';
    expect(readGraph(text).prompt).toEqual({ 1: { class_type: "A", inputs: {} } });
  });

  test("warnings come with the result", () => {
    const file = { nodes: [{ id: 1, type: "A", inputs: [{ name: "a", type: "*", link: 5 }] }], links: [] };
    expect(readGraph(stringifyJson(file)).warnings).toHaveLength(1);
  });

  test.each<[string, string | Uint8Array, string]>([
    ["no JSON", "{", "GRAPH_JSON_SYNTAX"],
    ["nothing", "", "GRAPH_JSON_SYNTAX"],
    ["a number", "5", "GRAPH_FORMAT_UNKNOWN"],
    ["an empty object", "{}", "GRAPH_FORMAT_UNKNOWN"],
    ["another format", '{"a": {"b": 1}}', "GRAPH_FORMAT_UNKNOWN"],
    ["bytes that are no text", Uint8Array.of(0xff, 0xfe, 0x00), "GRAPH_TEXT_INVALID"],
    ["a JPEG", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), "GRAPH_TEXT_INVALID"],
    ["a PNG without a graph", bare, "GRAPH_PNG_NO_GRAPH"],
    ["a PNG with other texts", writePngText(bare, { Software: "x" }), "GRAPH_PNG_NO_GRAPH"],
    ["a PNG whose graph is none", writePngText(bare, { workflow: "[]", prompt: "{}" }), "GRAPH_PNG_NO_GRAPH"],
    ["a PNG whose graph is no JSON", writePngText(bare, { workflow: "{" }), "GRAPH_JSON_SYNTAX"],
    ["a PNG that ends early", bare.subarray(0, 40), "GRAPH_PNG_INVALID"],
    ["a newer document", '{"format": "patchbay", "version": 999}', "GRAPH_DOCUMENT_TOO_NEW"],
    ["a broken prompt", '{"1": {"class_type": "A"}, "2": 5}', "GRAPH_PROMPT_INVALID"],
    ["a broken workflow", '{"nodes": [5]}', "GRAPH_WORKFLOW_INVALID"],
    ["deep nesting", `{"nodes": ${"[".repeat(600)}${"]".repeat(600)}}`, "GRAPH_TOO_DEEP"],
  ])("%s is refused by name", (_, file, wanted) => {
    expect(code(() => readGraph(file, { catalog }))).toBe(wanted);
  });

  test("what is not a graph is quoted, and what would be one named", () => {
    expect(() => graphKind({ hello: 1 })).toThrow(/"hello": 1.*"format": "patchbay".*"nodes".*"class_type"/s);
    expect(() => readGraph(writePngText(bare, { Software: "x" }))).toThrow(/it has "Software"/);
  });
});

test("seeds up to 2^64-1 go through every format and back", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (seed) => {
      const number = seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed;
      const viaPrompt = readGraph(stringifyJson(prompt(number)), { catalog }).document;
      const viaDocument = readGraph(stringifyDocument(viaPrompt), { catalog }).document;
      const viaWorkflow = readGraph(stringifyJson(toWorkflow(viaDocument, catalog)), { catalog }).document;
      const viaPlaceholders = fromWorkflow(toWorkflow(fromWorkflow(toWorkflow(viaWorkflow, catalog), {}), {}), catalog);
      const png = writePngText(bare, { workflow: stringifyJson(toWorkflow(viaPlaceholders, catalog), { python: true }) });
      const last = toPrompt(readGraph(png, { catalog }).document, catalog);
      expect(last["2"]?.inputs["seed"]).toBe(number);
    }),
    { numRuns: 25 },
  );
});

/** A copy of a JSON value in which what the steps lead to is replaced. */
function mutate(value: JsonValue, steps: readonly number[], replacement: JsonValue): JsonValue {
  const [step, ...rest] = steps;
  if (step === undefined || typeof value !== "object" || value === null) return replacement;
  const keys = Object.keys(value);
  if (keys.length === 0) return replacement;
  const key = keys[step % keys.length] as string;
  if (Array.isArray(value)) return value.map((item, i) => (String(i) === key ? mutate(item, rest, replacement) : item));
  return { ...value, [key]: mutate(value[key] as JsonValue, rest, replacement) };
}

const replacements = fc.oneof(
  fc.constantFrom<JsonValue>(
    null,
    true,
    -1,
    0,
    1,
    1.5,
    1e300,
    2 ** 53,
    18446744073709551616n,
    "",
    "__proto__",
    "constructor",
    "x".repeat(2000),
  ),
  fc.constantFrom<JsonValue>(
    [],
    {},
    [[]],
    ["1", 0],
    [1, 2, 3, 4, 5, 6],
    { 0: 1 },
    "Reroute",
    "PrimitiveNode",
    "part",
    "KSampler",
    "SaveImage",
  ),
  fc.constantFrom<JsonValue>("$input", "$output", -10, -20, "#1", "#99999999", "LATENT"),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>,
);
const edits = fc.array(fc.tuple(fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }), replacements), { minLength: 1, maxLength: 4 });

/** Reads a file and, if it is a graph, writes it in every format; what it throws must be a GraphError, what it writes must be readable. */
function exercise(file: string | Uint8Array): void {
  let read;
  try {
    read = readGraph(file, { catalog, limits });
  } catch (error) {
    expect(error).toBeInstanceOf(GraphError);
    return;
  }
  const stored = code(() => stringifyDocument(read.document));
  // NaN and infinities, which Python writes, have no place in a document's JSON.
  expect(["none", "GRAPH_JSON_UNSERIALIZABLE"]).toContain(stored);
  if (stored === "none") expect(parseDocument(stringifyDocument(read.document))).toEqual(read.document);
  for (const write of [() => toPrompt(read.document, catalog, limits), () => toPrompt(read.document, {}, limits)]) {
    expect(["none", "GRAPH_SUBGRAPH_RECURSION", "GRAPH_TOO_DEEP", "GRAPH_TOO_LARGE"]).toContain(code(write));
  }
  let written: JsonObject | undefined;
  expect(["none", "GRAPH_TOO_LARGE"]).toContain(code(() => (written = toWorkflow(read.document, catalog, limits))));
  if (written) {
    const again = fromWorkflow(written, catalog);
    expect(Object.keys(again.nodes).sort()).toEqual(Object.keys(read.document.nodes).sort());
    expect(toWorkflow(again, catalog)).toEqual(toWorkflow(fromWorkflow(toWorkflow(again, catalog), catalog), catalog));
  }
}

describe("broken files never throw anything but GraphError, and what is read can be written", () => {
  const sources: Record<string, () => JsonValue> = { document: () => document() as unknown as JsonValue, workflow, prompt };

  test.each(Object.keys(sources))("changed: %s", (name) => {
    fc.assert(
      fc.property(edits, (list) => {
        let value = (sources[name] as () => JsonValue)();
        for (const [steps, replacement] of list) value = mutate(value, steps, replacement);
        exercise(stringifyJson(value, { python: true }));
      }),
      { numRuns: 120 },
    );
  });

  test("cut or with a changed character", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(sources)),
        fc.nat(),
        fc.option(fc.constantFrom("{", "}", "[", "]", ",", ":", '"', "0", "-", "e", "\\", "\n", "\0", "ü")),
        (source, at, character) => {
          const text = stringifyJson(source());
          const place = at % text.length;
          exercise(text.slice(0, place) + (character === null ? "" : character + text.slice(place + 1)));
        },
      ),
      { numRuns: 100 },
    );
  });

  test("PNG bytes, cut or changed", () => {
    const png = writePngText(bare, { workflow: stringifyJson(workflow()), prompt: stringifyJson(prompt()) });
    fc.assert(
      fc.property(fc.nat(), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const place = at % png.length;
        const changed = Uint8Array.from(png);
        changed[place] = byte;
        exercise(cut ? png.subarray(0, place) : changed);
      }),
      { numRuns: 100 },
    );
  });

  test("any bytes at all", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        exercise(bytes);
        exercise(Uint8Array.of(...bare.subarray(0, 8), ...bytes));
      }),
      { numRuns: 100 },
    );
  });
});
