import assert from "node:assert/strict";
import { emptyDocument, parseJson, stringifyJson } from "@patchbay/graph";
import type { DocumentNode, GraphDocument, JsonValue } from "@patchbay/graph";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyOperation, applyOperations } from "./operation.js";
import type { Operation } from "./operation.js";
import { arbitraryDocument, arbitraryOperation, operationKinds } from "./testing/arbitraryDocument.js";
import { deepFreeze } from "./testing/deepFreeze.js";
import { codeOf } from "./testing/graphs.js";

const collections = ["nodes", "edges", "frames", "reroutes", "subgraphs"] as const;

/** What an operation may change: ids by collection, or everything. */
function touched(operation: Operation): Readonly<Record<string, readonly string[]>> | "all" {
  switch (operation.kind) {
    case "replaceDocument":
      return "all";
    case "setGraphTitle":
      return {};
    case "moveNodes":
      return { nodes: Object.keys(operation.positions) };
    default:
      if ("node" in operation && typeof operation.node === "string") return { nodes: [operation.node] };
      return { [`${/Node|Edge|Frame|Reroute|Subgraph/.exec(operation.kind)![0].toLowerCase()}s`]: ["id" in operation ? operation.id : ""] };
  }
}

function expectSharing(before: GraphDocument, after: GraphDocument, operation: Operation): void {
  const changes = touched(operation);
  if (changes === "all") return;
  for (const collection of collections) {
    const ids = changes[collection];
    if (!ids) expect(after[collection]).toBe(before[collection]);
    for (const id of Object.keys(before[collection])) {
      if (!ids?.includes(id)) expect(Object.is(after[collection][id], before[collection][id])).toBe(true);
    }
  }
}

const documentAndOperation = (kind: Operation["kind"]): fc.Arbitrary<[GraphDocument, Operation]> =>
  arbitraryDocument
    .chain((document) => {
      const operation = arbitraryOperation(kind, document);
      return operation ? operation.map((operation): [GraphDocument, Operation] => [document, operation]) : fc.constant(undefined);
    })
    .filter((found) => found !== undefined);

describe.each(operationKinds)("%s", (kind) => {
  test("its inverse gives the document back, and the inverse of that the change", () => {
    fc.assert(
      fc.property(documentAndOperation(kind), ([document, operation]) => {
        deepFreeze(document);
        deepFreeze(operation);
        const done = applyOperation(document, operation);
        const undone = applyOperation(deepFreeze(done.document), done.inverse);
        assert.deepStrictEqual(undone.document, document);
        assert.deepStrictEqual(applyOperation(undone.document, undone.inverse).document, done.document);
        expectSharing(document, done.document, operation);
        expectSharing(done.document, undone.document, done.inverse);
      }),
      { numRuns: 60 },
    );
  });

  test("survives the JSON codec, as does its inverse", () => {
    fc.assert(
      fc.property(documentAndOperation(kind), ([document, operation]) => {
        const coded = (value: Operation): Operation => parseJson(stringifyJson(value as unknown as JsonValue)) as unknown as Operation;
        const done = applyOperation(document, operation);
        expect(applyOperation(document, coded(operation)).document).toEqual(done.document);
        expect(applyOperation(done.document, coded(done.inverse)).document).toEqual(document);
      }),
      { numRuns: 30 },
    );
  });

  test("done twice, where that fits, the second time changes nothing", () => {
    if (/^(add|remove)/.test(kind)) return;
    fc.assert(
      fc.property(documentAndOperation(kind), ([document, operation]) => {
        const once = applyOperation(document, operation).document;
        expect(applyOperation(once, operation).document).toBe(once);
        expect(applyOperations(once, [operation])).toEqual({ document: once, inverse: [] });
      }),
      { numRuns: 30 },
    );
  });
});

test("sequences are undone as a whole", () => {
  fc.assert(
    fc.property(
      arbitraryDocument,
      fc.array(fc.constantFrom(...operationKinds), { maxLength: 12 }),
      fc.infiniteStream(fc.nat()),
      (start, kinds, seeds) => {
        deepFreeze(start);
        const operations: Operation[] = [];
        let document = start;
        for (const kind of kinds) {
          const arbitrary = arbitraryOperation(kind, document);
          if (!arbitrary) continue;
          const operation = deepFreeze(fc.sample(arbitrary, { numRuns: 1, seed: seeds.next().value as number })[0]!);
          operations.push(operation);
          document = applyOperation(document, operation).document;
        }
        const all = applyOperations(start, operations);
        assert.deepStrictEqual(all.document, document);
        const undone = applyOperations(deepFreeze(all.document), all.inverse);
        assert.deepStrictEqual(undone.document, start);
        assert.deepStrictEqual(applyOperations(undone.document, undone.inverse).document, document);
      },
    ),
    { numRuns: 150 },
  );
});

describe("operations that do not fit", () => {
  const node: DocumentNode = { type: "Text", position: [0, 0], inputs: {} };
  const document: GraphDocument = { ...emptyDocument(), nodes: { 1: node } };

  test("an unknown id and one that is taken are refused, inherited names included", () => {
    for (const id of ["2", "constructor", "__proto__"]) {
      expect(codeOf(() => applyOperation(document, { kind: "setTitle", node: id, title: "x" }))).toBe("EDITOR_ID_UNKNOWN");
      expect(codeOf(() => applyOperation(document, { kind: "removeEdge", id }))).toBe("EDITOR_ID_UNKNOWN");
      expect(codeOf(() => applyOperation(document, { kind: "addNode", id, node }))).toBe("none");
    }
    expect(codeOf(() => applyOperation(document, { kind: "moveNodes", positions: { 9: [0, 0] } }))).toBe("EDITOR_ID_UNKNOWN");
    expect(codeOf(() => applyOperation(document, { kind: "addNode", id: "1", node }))).toBe("EDITOR_ID_TAKEN");
  });

  test("a batch with one that does not fit does nothing", () => {
    deepFreeze(document);
    const operations: Operation[] = [
      { kind: "addNode", id: "2", node },
      { kind: "setTitle", node: "3", title: "x" },
    ];
    expect(codeOf(() => applyOperations(document, operations))).toBe("EDITOR_ID_UNKNOWN");
    expect(Object.keys(document.nodes)).toEqual(["1"]);
  });
});

test("pasting many nodes copies each collection once: time is linear", () => {
  const nodes = (count: number): Operation[] =>
    Array.from({ length: count }, (_, i) => ({ kind: "addNode", id: String(i + 1), node: { type: "Text", position: [i, 0], inputs: {} } }));
  let copies = 0;
  const watched: GraphDocument = {
    ...emptyDocument(),
    nodes: new Proxy({}, { ownKeys: (target) => (copies++, Reflect.ownKeys(target)) }),
  };
  const { document, inverse } = applyOperations(watched, nodes(1000));
  expect(Object.keys(document.nodes)).toHaveLength(1000);
  expect(copies).toBe(1);
  expect(applyOperations(document, inverse).document.nodes).toEqual({});
});
