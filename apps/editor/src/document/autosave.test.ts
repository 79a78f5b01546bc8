import { emptyDocument, parseDocument } from "@patchbay/graph";
import type { GraphDocument } from "@patchbay/graph";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createAutosave } from "./autosave.js";
import type { Autosave, AutosaveOptions } from "./autosave.js";
import { createDocumentStore } from "./documentStore.js";
import type { DocumentStore } from "./documentStore.js";
import { memoryDraftStorage } from "./draftStorage.js";
import type { Draft, DraftStorage } from "./draftStorage.js";
import type { EditorError } from "./editorError.js";
import { graph } from "./testing/graphs.js";

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

interface Watched {
  readonly store: DocumentStore;
  readonly autosave: Autosave;
  readonly puts: Draft[];
  readonly errors: EditorError[];
  /** Makes every write fail while it is true. */
  readonly disk: { full: boolean };
  readonly type: (text: string) => void;
}

function watched(
  document: GraphDocument = graph({ 1: "CLIPTextEncode" }),
  options: AutosaveOptions = {},
  storage: DraftStorage = memoryDraftStorage(),
): Watched {
  const puts: Draft[] = [];
  const errors: EditorError[] = [];
  const disk = { full: false };
  const store = createDocumentStore(document);
  const counting: DraftStorage = {
    ...storage,
    async put(draft) {
      puts.push(draft);
      if (disk.full) throw new Error("the disk is full");
      await storage.put(draft);
    },
  };
  let ids = 0;
  const autosave = createAutosave(store, counting, { onError: (error) => errors.push(error), newId: () => `draft-${++ids}`, ...options });
  const type = (text: string): void =>
    store.getState().apply([{ kind: "setInput", node: "1", name: "text", value: text }], { label: "Type" });
  return { store, autosave, puts, errors, disk, type };
}

const textsOf = (puts: readonly Draft[]): unknown[] => puts.map(({ text }) => parseDocument(text).nodes["1"]?.inputs["text"]);

describe("when", () => {
  test("a change is written 300 ms after it, several as one", async () => {
    const { puts, type } = watched();
    type("a");
    await vi.advanceTimersByTimeAsync(200);
    type("ab");
    await vi.advanceTimersByTimeAsync(299);
    expect(puts).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(textsOf(puts)).toEqual(["ab"]);
    expect(puts[0]).toMatchObject({ id: "draft-1", title: "", savedAt: 1_000_500 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(puts).toHaveLength(1);
  });

  test("while one types on, at the latest 900 ms after the first change", async () => {
    const { puts, type } = watched();
    for (let i = 1; i <= 20; i++) {
      type("x".repeat(i));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(puts.map(({ savedAt }) => savedAt - 1_000_000)).toEqual([900, 1800]);
  });

  test("flush writes at once, also undo, and once only", async () => {
    const { puts, type, store, autosave } = watched();
    type("a");
    store.getState().undo();
    await autosave.flush();
    await autosave.flush();
    await vi.advanceTimersByTimeAsync(1000);
    expect(textsOf(puts)).toEqual([undefined]);
  });

  test("what only looks, and a graph without content, is not written", async () => {
    const { puts, store, autosave } = watched(emptyDocument());
    store.getState().apply([{ kind: "setGraphTitle", title: "Nothing yet" }], { label: "Rename" });
    await autosave.flush();
    expect(puts).toEqual([]);
    store.getState().apply([{ kind: "addNode", id: "1", node: { type: "Note", position: [0, 0], inputs: {} } }], { label: "Add" });
    await autosave.flush();
    store.getState().undo();
    await autosave.flush();
    // Once there is a draft, that all was deleted is worth writing.
    expect(puts.map(({ text }) => Object.keys(parseDocument(text).nodes))).toEqual([["1"], []]);
    expect(puts[0]?.title).toBe("Nothing yet");
  });

  test("nothing after it was stopped", async () => {
    const { puts, type, autosave } = watched();
    type("a");
    autosave.stop();
    type("b");
    await vi.advanceTimersByTimeAsync(5000);
    expect(puts).toEqual([]);
  });
});

describe("which", () => {
  test("another graph gets a draft of its own, and the last edit of the one before is not lost", async () => {
    const told: string[] = [];
    const { puts, type, store, autosave } = watched(undefined, { onDraft: (id) => told.push(id) });
    type("old");
    store
      .getState()
      .apply([{ kind: "replaceDocument", document: graph({ 1: { type: "CLIPTextEncode", inputs: { text: "new" } } }) }], { label: "Open" });
    await vi.advanceTimersByTimeAsync(300);
    expect(puts.map(({ id }) => id)).toEqual(["draft-1", "draft-2"]);
    expect(textsOf(puts)).toEqual(["old", "new"]);
    expect([told, autosave.draftId()]).toEqual([["draft-1", "draft-2"], "draft-2"]);
  });

  test("a draft is listed, loaded and gone on with", async () => {
    const { type, store, autosave, puts } = watched();
    type("a");
    await autosave.flush();
    expect(await autosave.list()).toEqual([{ id: "draft-1", title: "", savedAt: 1_000_000 }]);
    const document = await autosave.load("draft-1");
    expect(document).toEqual(store.getState().document);
    expect(await autosave.load("gone")).toBeUndefined();
    store.getState().reset(document!);
    autosave.continueDraft("draft-1");
    type("b");
    await autosave.flush();
    expect(puts.map(({ id }) => id)).toEqual(["draft-1", "draft-1"]);
    await autosave.remove("draft-1");
    expect(await autosave.list()).toEqual([]);
  });

  test("only the newest are kept", async () => {
    const storage = memoryDraftStorage();
    for (let i = 0; i < 60; i++) await storage.put({ id: `old-${i}`, title: "", text: "{}", savedAt: i });
    const { type, autosave } = watched(undefined, {}, storage);
    type("a");
    await autosave.flush();
    const kept = (await autosave.list()).map(({ id }) => id);
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([50, "draft-1", "old-11"]);
  });

  test("the one that is written stays, even if a clock makes it the oldest", async () => {
    const storage = memoryDraftStorage();
    for (let i = 0; i < 3; i++) await storage.put({ id: `future-${i}`, title: "", text: "{}", savedAt: 9e12 });
    const { type, autosave } = watched(undefined, { keep: 2 }, storage);
    type("a");
    await autosave.flush();
    expect((await autosave.list()).map(({ id }) => id)).toEqual(["future-0", "future-1", "draft-1"]);
  });
});

describe("failures", () => {
  test("are told and tried again, ever more slowly, until it works", async () => {
    const { puts, type, errors, disk } = watched();
    disk.full = true;
    type("a");
    await vi.advanceTimersByTimeAsync(300 + 1000 + 2000);
    expect(puts).toHaveLength(3);
    expect(errors.map(({ code }) => code)).toEqual(Array.from({ length: 3 }, () => "EDITOR_DRAFT_NOT_SAVED"));
    expect(errors[0]?.message).toMatch(/the disk is full/);
    disk.full = false;
    await vi.advanceTimersByTimeAsync(4000);
    expect([textsOf(puts).at(-1), errors.length]).toEqual(["a", 3]);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(puts).toHaveLength(4);
  });

  test("a change meanwhile is written instead, soon", async () => {
    const { puts, type, disk } = watched();
    disk.full = true;
    type("a");
    await vi.advanceTimersByTimeAsync(300);
    disk.full = false;
    type("b");
    await vi.advanceTimersByTimeAsync(300);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(textsOf(puts)).toEqual(["a", "b"]);
  });

  test("an older write that fails late does not take the place of a newer one", async () => {
    const storage = memoryDraftStorage();
    let fail: ((reason: Error) => void) | undefined;
    // The first write hangs until it fails; all others work.
    const slow: DraftStorage = {
      ...storage,
      put: (draft) => (fail ? storage.put(draft) : new Promise((_, reject) => (fail = reject))),
    };
    const { type, autosave, errors } = watched(undefined, {}, slow);
    type("old");
    void autosave.flush();
    type("new");
    await autosave.flush();
    fail?.(new Error("too late"));
    await vi.advanceTimersByTimeAsync(100_000);
    expect(textsOf([(await storage.get("draft-1"))!])).toEqual(["new"]);
    expect(errors).toHaveLength(1);
  });

  test("a graph that JSON cannot hold is told as well", async () => {
    const { store, autosave, errors } = watched();
    store.getState().apply([{ kind: "moveNodes", positions: { 1: [Number.NaN, 0] } }], { label: "Move" });
    await autosave.flush();
    expect(errors).toHaveLength(1);
    autosave.stop();
  });
});
