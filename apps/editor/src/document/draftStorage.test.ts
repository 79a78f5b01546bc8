import { describe, expect, test } from "vitest";
import { indexedDbDraftStorage, memoryDraftStorage } from "./draftStorage.js";
import { draftStorageContract } from "./testing/draftStorageContract.js";
import { fakeIndexedDb } from "./testing/fakeIndexedDb.js";
import { codeOf } from "./testing/graphs.js";

draftStorageContract("in memory", () => {
  const storage = memoryDraftStorage();
  return { storage, reopen: () => storage };
});

draftStorageContract("in IndexedDB", () => {
  const factory = fakeIndexedDb();
  return { storage: indexedDbDraftStorage(factory), reopen: () => indexedDbDraftStorage(factory) };
});

describe("IndexedDB", () => {
  const draft = { id: "a", title: "A", text: "{}", savedAt: 1 };

  async function codeFrom(run: Promise<unknown>): Promise<string> {
    const error: unknown = await run.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return codeOf(() => {
      if (error !== undefined) throw error;
    });
  }

  test("what it refuses is told, and it is asked again", async () => {
    const factory = fakeIndexedDb();
    const storage = indexedDbDraftStorage(factory);
    factory.refuse("open");
    expect(await codeFrom(storage.put(draft))).toBe("EDITOR_DRAFTS_UNAVAILABLE");
    factory.refuse("write");
    expect(await codeFrom(storage.put(draft))).toBe("EDITOR_DRAFTS_UNAVAILABLE");
    factory.refuse(undefined);
    await storage.put(draft);
    expect(await storage.get("a")).toEqual(draft);
  });

  test("lets a newer version in, and opens anew", async () => {
    const factory = fakeIndexedDb();
    const storage = indexedDbDraftStorage(factory);
    await storage.put(draft);
    factory.announceNewVersion();
    expect(factory.openConnections()).toBe(0);
    expect(await storage.get("a")).toEqual(draft);
    expect(factory.openConnections()).toBe(1);
  });
});
