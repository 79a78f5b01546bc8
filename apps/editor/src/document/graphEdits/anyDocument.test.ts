import assert from "node:assert/strict";
import { defaultLimits, parseDocument, stringifyDocument } from "@patchbay/graph";
import type { GraphDocument } from "@patchbay/graph";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cardOf } from "../cardLayout.js";
import { EditorError } from "../editorError.js";
import { runnableOf } from "../openGraph.js";
import { applyOperations } from "../operation.js";
import type { Operation } from "../operation.js";
import { arbitraryDocument } from "../testing/arbitraryDocument.js";
import { deepFreeze } from "../testing/deepFreeze.js";
import { catalog } from "../testing/graphs.js";
import { addNodeOf } from "./addNodeOf.js";
import { afterRunSeeds } from "./afterRunSeeds.js";
import { alignNodes, distributeNodes, tidyUp } from "./arrange.js";
import { canConnect } from "./canConnect.js";
import { copySelection, duplicate, pasteText } from "./clipboard.js";
import { connect } from "./connect.js";
import { deleteSelection } from "./deleteSelection.js";
import { frameSelection, moveFrame } from "./frames.js";
import { insertOnEdge } from "./insertOnEdge.js";
import { setNodesMode } from "./setNodesMode.js";
import { setValue } from "./setValue.js";

// The types of the documents are made real ones, so that cards have ports and wires may fit.
const types = ["KSampler", "ImageInvert", "Reroute", "s", "PrimitiveNode", "Foreign", "ResizeImageMaskNode", "BatchImagesNode", "t"];
const documents = fc
  .tuple(arbitraryDocument, fc.array(fc.constantFrom(...types), { minLength: 8, maxLength: 8 }))
  .map(([document, chosen]) => {
    const nodes = Object.fromEntries(
      Object.entries(document.nodes).map(([id, node], i) => [id, { ...node, type: chosen[i] ?? node.type }]),
    );
    return deepFreeze({ ...document, nodes });
  });

const sizeOf = (): readonly [number, number] => [200, 100];
const half = <T>(items: readonly T[]): T[] => items.filter((_, i) => i % 2 === 0);

type Edit = (document: GraphDocument) => Operation[];

const edits: Readonly<Record<string, Edit>> = {
  addNodeOf: (document) => addNodeOf(document, catalog, "KSampler", [1, 2]),
  deleteSelection: (document) =>
    deleteSelection(document, catalog, {
      nodes: half(Object.keys(document.nodes)),
      edges: half(Object.keys(document.edges)),
      frames: Object.keys(document.frames),
      reroutes: half(Object.keys(document.reroutes)),
    }),
  "deleteSelection of all": ({ nodes, edges, frames, reroutes, ...rest }) =>
    deleteSelection({ nodes, edges, frames, reroutes, ...rest }, catalog, {
      nodes: Object.keys(nodes),
      edges: Object.keys(edges),
      frames: Object.keys(frames),
      reroutes: Object.keys(reroutes),
    }),
  duplicate: (document) => duplicate(document, catalog, half(Object.keys(document.nodes))).operations,
  "copy and paste": (document) => {
    const all = { nodes: Object.keys(document.nodes), frames: Object.keys(document.frames), reroutes: Object.keys(document.reroutes) };
    return pasteText(document, catalog, copySelection(document, all), [7, 7], { connectInputs: true }).operations;
  },
  setNodesMode: (document) => setNodesMode(document, Object.keys(document.nodes), "bypass"),
  afterRunSeeds: (document) => afterRunSeeds(document, catalog, () => 0.25),
  frameSelection: (document) => frameSelection(document, sizeOf, Object.keys(document.nodes), "All"),
  moveFrame: (document) => moveFrame(document, sizeOf, Object.keys(document.frames)[0] ?? "", [3, 4]),
  alignNodes: (document) => alignNodes(document, sizeOf, Object.keys(document.nodes), "bottom"),
  distributeNodes: (document) => distributeNodes(document, sizeOf, Object.keys(document.nodes), "vertical"),
  tidyUp: (document) => tidyUp(document, sizeOf),
  insertOnEdge: (document) => insertOnEdge(document, catalog, Object.keys(document.nodes)[0] ?? "", Object.keys(document.edges)[0] ?? ""),
  setValue: (document) =>
    Object.keys(document.nodes).flatMap((id) =>
      cardOf(document, catalog, id).fields.flatMap(({ key, value }) => {
        try {
          return setValue(document, catalog, id, key, value ?? 1);
        } catch (error) {
          if (error instanceof EditorError && error.code === "EDITOR_VALUE_INVALID") return [];
          throw error;
        }
      }),
    ),
  connect: (document) => {
    const ids = Object.keys(document.nodes);
    for (const node of ids) {
      for (const target of ids) {
        for (const { key: output } of cardOf(document, catalog, node).outputs) {
          for (const { key: input } of cardOf(document, catalog, target).sockets) {
            if (canConnect(document, catalog, { node, output }, { node: target, input })) {
              return connect(document, catalog, { node, output }, { node: target, input });
            }
          }
        }
      }
    }
    return [];
  },
};

describe.each(Object.entries(edits))("%s on any document", (_, edit) => {
  test("gives operations that fit, can be undone, and leave a document that can be saved", () => {
    let changed = 0;
    fc.assert(
      fc.property(documents, (document) => {
        const operations = edit(document);
        const done = applyOperations(document, operations);
        if (operations.length > 0) changed++;
        assert.deepStrictEqual(applyOperations(done.document, done.inverse).document, document);
        expect(parseDocument(stringifyDocument(done.document), defaultLimits)).toEqual(done.document);
        for (const id of Object.keys(done.document.nodes)) cardOf(done.document, catalog, id);
      }),
      { numRuns: 100 },
    );
    expect(changed).toBeGreaterThan(0);
  });
});

test("deleting nodes leaves no edge to or from them, nor one through a point that is gone", () => {
  fc.assert(
    fc.property(documents, (document) => {
      const nodes = half(Object.keys(document.nodes));
      const reroutes = half(Object.keys(document.reroutes));
      const { document: done } = applyOperations(document, deleteSelection(document, catalog, { nodes, reroutes }));
      const known = (id: string): boolean => Object.hasOwn(done.reroutes, id) || !Object.hasOwn(document.reroutes, id);
      for (const { from, to, reroute } of Object.values(done.edges)) {
        expect(nodes.includes(from.node) || nodes.includes(to.node)).toBe(false);
        if (reroute !== undefined) expect(known(reroute)).toBe(true);
      }
      for (const { parent } of Object.values(done.reroutes)) if (parent !== undefined) expect(known(parent)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("a run can be asked for whatever was edited", () => {
  fc.assert(
    fc.property(documents, (document) => {
      const { document: done } = applyOperations(document, edits["copy and paste"]!(document));
      expect(Object.keys(runnableOf({ ...done, subgraphs: {} }, catalog).prompt).length).toBeLessThanOrEqual(
        Object.keys(done.nodes).length,
      );
    }),
    { numRuns: 50 },
  );
});
