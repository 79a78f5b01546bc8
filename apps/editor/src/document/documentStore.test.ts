import assert from "node:assert/strict";
import { emptyDocument } from "@patchbay/graph";
import type { GraphDocument } from "@patchbay/graph";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDocumentStore } from "./documentStore.js";
import type { DocumentStore } from "./documentStore.js";
import { compactOperations, estimateBytes } from "./history.js";
import { applyOperation, applyOperations } from "./operation.js";
import type { Operation } from "./operation.js";
import { arbitraryDocument, arbitraryOperation, operationKinds } from "./testing/arbitraryDocument.js";

const oneNode = (): GraphDocument => ({ ...emptyDocument(), nodes: { 1: { type: "Text", position: [0, 0], inputs: { text: "" } } } });
const typed = (text: string): Operation[] => [{ kind: "setInput", node: "1", name: "text", value: text }];
const textOf = (store: DocumentStore): unknown => store.getState().document.nodes["1"]?.inputs["text"];

function clockedStore(document = oneNode(), maxHistoryBytes?: number): { store: DocumentStore; wait: (ms: number) => void } {
  let time = 0;
  const store = createDocumentStore(document, { now: () => time, ...(maxHistoryBytes === undefined ? {} : { maxHistoryBytes }) });
  return { store, wait: (ms) => (time += ms) };
}

describe("history", () => {
  test("undo and redo go through the states in turn and name what they do", () => {
    const { store } = clockedStore();
    const { apply, undo, redo } = store.getState();
    expect(store.getState()).toMatchObject({ canUndo: false, canRedo: false, undoLabel: undefined, revision: 0 });
    apply(typed("a"), { label: "Type a" });
    apply(typed("b"), { label: "Type b" });
    expect(store.getState()).toMatchObject({ canUndo: true, undoLabel: "Type b", revision: 2 });
    undo();
    expect(store.getState()).toMatchObject({ canRedo: true, undoLabel: "Type a", redoLabel: "Type b", revision: 3 });
    expect(textOf(store)).toBe("a");
    undo();
    undo();
    expect(textOf(store)).toBe("");
    redo();
    redo();
    redo();
    expect(textOf(store)).toBe("b");
    undo();
    apply(typed("c"), { label: "Type c" });
    expect(store.getState()).toMatchObject({ canRedo: false, undoLabel: "Type c" });
  });

  test("any changes, all undone, give the first document; all redone, the last", () => {
    fc.assert(
      fc.property(arbitraryDocument, fc.array(fc.constantFrom(...operationKinds), { maxLength: 8 }), fc.nat(), (start, kinds, seed) => {
        const { store } = clockedStore(start);
        const states = [start];
        for (const [i, kind] of kinds.entries()) {
          const arbitrary = arbitraryOperation(kind, store.getState().document);
          if (!arbitrary) continue;
          store.getState().apply(fc.sample(arbitrary, { numRuns: 1, seed: seed + i }), { label: kind });
          if (store.getState().document !== states.at(-1)) states.push(store.getState().document);
        }
        expect(store.getState().undoStack).toHaveLength(states.length - 1);
        for (const state of states.slice(0, -1).reverse()) {
          store.getState().undo();
          assert.deepStrictEqual(store.getState().document, state);
        }
        for (const state of states.slice(1)) {
          store.getState().redo();
          assert.deepStrictEqual(store.getState().document, state);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("what changes nothing adds no entry and keeps what can be redone", () => {
    const { store } = clockedStore();
    store.getState().apply(typed("a"), { label: "a" });
    store.getState().undo();
    const before = store.getState();
    before.apply([], { label: "nothing" });
    before.apply(typed(""), { label: "the same" });
    expect(store.getState()).toBe(before);
  });

  test("what does not fit throws and leaves the state as it was", () => {
    const { store } = clockedStore();
    const before = store.getState();
    expect(() => before.apply([...typed("x"), { kind: "removeNode", id: "7" }], { label: "bad" })).toThrow(/no node "7"/);
    expect(store.getState()).toBe(before);
  });

  test("reset forgets the history", () => {
    const { store } = clockedStore();
    store.getState().apply(typed("a"), { label: "a" });
    const next = emptyDocument();
    store.getState().reset(next);
    expect(store.getState()).toMatchObject({ canUndo: false, canRedo: false, revision: 2, opened: 1, undoStack: [] });
    expect(store.getState().document).toBe(next);
  });

  test("opening another graph can be undone, and both are told by `opened`", () => {
    const { store } = clockedStore();
    const first = store.getState().document;
    store.getState().apply([{ kind: "replaceDocument", document: emptyDocument() }], { label: "Open" });
    expect(store.getState().opened).toBe(1);
    store.getState().undo();
    expect(store.getState().document).toBe(first);
    expect(store.getState().opened).toBe(2);
  });
});

describe("merging", () => {
  test("changes of one key within 600 ms of each other are one entry", () => {
    const { store, wait } = clockedStore();
    for (const text of ["h", "he", "hel", "hell", "hello"]) {
      store.getState().apply(typed(text), { label: "Edit text", mergeKey: "1.text" });
      wait(500);
    }
    wait(101);
    store.getState().apply(typed("hello!"), { label: "Edit text", mergeKey: "1.text" });
    expect(store.getState().undoStack).toHaveLength(2);
    store.getState().undo();
    expect(textOf(store)).toBe("hello");
    store.getState().undo();
    expect(textOf(store)).toBe("");
    store.getState().redo();
    expect(textOf(store)).toBe("hello");
  });

  test("another key, no key, and undo end it", () => {
    const { store } = clockedStore();
    const type = (text: string, mergeKey?: string): void => store.getState().apply(typed(text), { label: "Edit", mergeKey });
    type("a", "k");
    type("b", "l");
    type("c");
    type("d", "l");
    expect(store.getState().undoStack).toHaveLength(4);
    store.getState().undo();
    type("e", "l");
    expect(store.getState().undoStack).toHaveLength(4);
    store.getState().undo();
    expect(textOf(store)).toBe("c");
  });

  test("a long text typed letter by letter holds its first state only", () => {
    const { store } = clockedStore();
    let text = "";
    for (let i = 0; i < 500; i++) store.getState().apply(typed((text += "word ")), { label: "Edit text", mergeKey: "1.text" });
    expect(store.getState().undoStack).toHaveLength(1);
    expect(store.getState().undoStack[0]!.operations).toEqual(typed(""));
    expect(store.getState().undoStack[0]!.bytes).toBeLessThan(1000);
  });

  test("what takes an entry away does not stand for what made its record", () => {
    const flag = (value?: boolean): Operation => ({
      kind: "setFlag",
      node: "1",
      flag: "pinned",
      ...(value === undefined ? {} : { value }),
    });
    expect(compactOperations([flag(true), flag()])).toEqual([flag(true), flag()]);
    expect(compactOperations([flag(true), flag(), flag(false)])).toEqual([flag(false)]);
  });

  test("compacting a list of operations does not change what it does", () => {
    fc.assert(
      fc.property(arbitraryDocument, fc.array(fc.constantFrom(...operationKinds), { maxLength: 14 }), fc.nat(), (start, kinds, seed) => {
        let document = start;
        const operations: Operation[] = [];
        for (const [i, kind] of kinds.entries()) {
          const arbitrary = arbitraryOperation(kind, document);
          if (!arbitrary) continue;
          // The same seed for neighbours makes operations that overwrite each other likely.
          const operation = fc.sample(arbitrary, { numRuns: 1, seed: seed + (i >> 2) })[0]!;
          operations.push(operation);
          document = applyOperation(document, operation).document;
        }
        const compact = compactOperations(operations);
        expect(compact.length).toBeLessThanOrEqual(operations.length);
        assert.deepStrictEqual(applyOperations(start, compact).document, document);
      }),
      { numRuns: 150 },
    );
  });
});

describe("memory", () => {
  test("the oldest entries go when the history holds too much; the newest always stays", () => {
    const { store } = clockedStore(oneNode(), 10_000);
    for (let i = 0; i < 20; i++) store.getState().apply(typed(String(i % 10).repeat(1000)), { label: String(i) });
    const { undoStack } = store.getState();
    expect(undoStack.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(10_000);
    expect(undoStack.map(({ label }) => label)).toEqual(["16", "17", "18", "19"]);
    store.getState().apply(typed("x".repeat(100_000)), { label: "long" });
    store.getState().apply(typed("y"), { label: "short" });
    expect(store.getState().undoStack.map(({ label }) => label)).toEqual(["short"]);
  });

  test("the estimate counts text by its length", () => {
    expect(estimateBytes("abcd")).toBe(24);
    expect(estimateBytes({ text: "x".repeat(1000), seed: 1n << 60n, on: true, none: null })).toBeGreaterThan(2000);
    expect(estimateBytes([[1, 2], "a"])).toBeLessThan(400);
  });
});
