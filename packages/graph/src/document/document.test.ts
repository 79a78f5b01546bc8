import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GraphError } from "../graphError.js";
import type { JsonObject } from "../json/jsonValue.js";
import { defaultLimits } from "../limits.js";
import { comfyNodes } from "../schema/comfyNodes.js";
import { documentJsonSchema, emptyDocument } from "./graphDocument.js";
import type { GraphDocument } from "./graphDocument.js";
import { documentMigrations, migrateDocument } from "./migrate.js";
import type { Migration } from "./migrate.js";
import { parseDocument, stringifyDocument, toDocument } from "./parseDocument.js";
import { nodeKind, outputNames, outputSlot, portKeys, slotOfKey } from "./ports.js";

function failure(run: () => unknown): { code: string; path: string; message: string } {
  try {
    run();
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return { code: error.code, path: error.path, message: error.message };
  }
  throw new Error("nothing was thrown");
}

const small = (): GraphDocument => ({
  ...emptyDocument(),
  title: "Two nodes",
  nodes: {
    1: { type: "EmptyImage", position: [0, 0], inputs: { width: 64 } },
    2: { type: "SaveImage", position: [400, 0.5], mode: "mute", inputs: {}, flags: { collapsed: true } },
  },
  edges: { 1: { from: { node: "1", output: "IMAGE" }, to: { node: "2", input: "images" } } },
  frames: { 1: { title: "All", bounds: [-10, -10, 500, 300], color: "#3f789e" } },
});

describe("parseDocument", () => {
  test("reads what stringifyDocument wrote", () => {
    const text = stringifyDocument(small());
    expect(parseDocument(text)).toEqual(small());
    expect(parseDocument(new TextEncoder().encode(text))).toEqual(small());
    expect(text.endsWith("}\n")).toBe(true);
  });

  test("seeds up to 2^64-1 survive", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (seed) => {
        const document = small();
        document.nodes["1"]!.inputs = { seed };
        const back = parseDocument(stringifyDocument(document)).nodes["1"]!.inputs["seed"] as number | bigint;
        expect(BigInt(back)).toBe(seed);
      }),
      { numRuns: 50 },
    );
  });

  test("names what is wrong and where", () => {
    expect(failure(() => toDocument([]))).toMatchObject({ code: "GRAPH_DOCUMENT_INVALID", path: "format" });
    expect(failure(() => toDocument({ ...small(), extras: {} } as unknown as JsonObject)).message).toContain("extras");
    const broken = small() as unknown as { nodes: Record<string, JsonObject> };
    broken.nodes["2"]!["position"] = [1];
    broken.nodes["1"]!["mode"] = "sometimes";
    const { code, path, message } = failure(() => toDocument(broken as unknown as JsonObject));
    expect(code).toBe("GRAPH_DOCUMENT_INVALID");
    expect(path).toBe("nodes.1.mode");
    expect(message).toContain("nodes.2.position");
  });

  test("names five faults at most", () => {
    const nodes = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [String(i), { type: 1 }]));
    expect(failure(() => toDocument({ ...small(), nodes } as unknown as JsonObject)).message).toMatch(/and \d+ more$/);
  });

  test("refuses more nodes or edges than the limits allow, those of subgraphs included", () => {
    const limits = { ...defaultLimits, maxNodes: 2 };
    expect(toDocument(small() as unknown as JsonObject, limits).nodes).toHaveProperty("2");
    const document = small();
    document.subgraphs["s"] = {
      ...emptyDocument(),
      name: "s",
      inputs: [],
      outputs: [],
      nodes: { 1: { type: "A", position: [0, 0], inputs: {} } },
    } as never;
    expect(failure(() => toDocument(document as unknown as JsonObject, limits)).code).toBe("GRAPH_TOO_LARGE");
    expect(failure(() => toDocument(small() as unknown as JsonObject, { ...defaultLimits, maxLinks: 0 })).path).toBe("edges");
  });

  test("a node called __proto__ or constructor is a node like any other", () => {
    const text = stringifyDocument(small()).replace('"1": {\n      "type": "EmptyImage"', '"__proto__": {\n      "type": "EmptyImage"');
    const document = parseDocument(text);
    expect(Object.keys(document.nodes)).toContain("__proto__");
    expect(stringifyDocument(document)).toContain('"__proto__"');
    expect(nodeKind("constructor", document, comfyNodes())).toEqual({});
  });
});

describe("migrateDocument", () => {
  const migrations: Migration[] = [
    { from: 1, migrate: ({ title, ...rest }) => ({ ...rest, name: title ?? "untitled" }) },
    { from: 2, migrate: (document) => ({ ...document, tags: [] }) },
  ];

  test("runs every step from the document's version on", () => {
    expect(migrateDocument({ version: 1, title: "A" }, migrations, 3)).toEqual({ version: 3, name: "A", tags: [] });
    expect(migrateDocument({ version: 2, name: "B" }, migrations, 3)).toEqual({ version: 3, name: "B", tags: [] });
    expect(migrateDocument({ version: 3 }, migrations, 3)).toEqual({ version: 3 });
  });

  test("refuses newer documents, versions that are none, and gaps", () => {
    expect(failure(() => migrateDocument({ version: 2 }))).toMatchObject({ code: "GRAPH_DOCUMENT_TOO_NEW", path: "version" });
    expect(failure(() => toDocument({ ...small(), version: 7 } as unknown as JsonObject)).message).toContain("version 7");
    for (const version of [0, -1, 1.5, "1", null]) expect(failure(() => migrateDocument({ version })).code).toBe("GRAPH_DOCUMENT_INVALID");
    expect(failure(() => migrateDocument({}))).toMatchObject({ code: "GRAPH_DOCUMENT_INVALID" });
    expect(failure(() => migrateDocument({ version: 1 }, migrations.slice(1), 3)).message).toContain("from document version 1 to 2");
  });

  test("there is a migration for every version before this one", () => {
    expect(documentMigrations.map(({ from }) => from)).toEqual(Array.from({ length: emptyDocument().version - 1 }, (_, i) => i + 1));
  });
});

test("the published JSON schema is current: tools/writeDocumentSchema.mjs writes it", () => {
  const file = new URL("../../schema/document.schema.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(documentJsonSchema())));
});

describe("ports", () => {
  test("keys are names where these are unique, else name#slot", () => {
    expect(portKeys(["IMAGE", "MASK", "MASK", ""])).toEqual(["IMAGE", "MASK#1", "MASK#2", "#3"]);
  });

  test("every key leads back to its slot", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("A", "B", "", "A#1", "#0"), { maxLength: 6 }), (names) => {
        portKeys(names).forEach((key, slot) => {
          if (portKeys(names).indexOf(key) === slot) expect(slotOfKey(key, names)).toBe(slot);
        });
      }),
    );
  });

  test("a #slot that no name claims counts from 0, anything else is unknown", () => {
    expect(slotOfKey("#2", ["IMAGE"])).toBe(2);
    expect(slotOfKey("old name#1", ["IMAGE", "MASK"])).toBe(1);
    expect(slotOfKey("LATENT", ["IMAGE"])).toBeUndefined();
    expect(slotOfKey("#1e9", [])).toBeUndefined();
  });

  test("outputs are known from the subgraph, else the schema, else what the node keeps", () => {
    const document = { subgraphs: { s: { outputs: [{ name: "out", type: "IMAGE" }] } } } as unknown as GraphDocument;
    const node = (type: string): GraphDocument["nodes"][string] => ({
      type,
      position: [0, 0],
      inputs: {},
      comfy: { outputs: [{ name: "kept" }] },
    });
    const names = (type: string): readonly string[] => outputNames(node(type), nodeKind(type, document, comfyNodes()));
    expect([names("s"), names("LoadImage"), names("Unheard")]).toEqual([["out"], ["IMAGE", "MASK"], ["kept"]]);
    expect(outputSlot(node("LoadImage"), nodeKind("LoadImage", document, comfyNodes()), "kept")).toBe(0);
  });
});
