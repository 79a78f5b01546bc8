import { describe, expect, test } from "vitest";
import type { Draft, DraftStorage } from "../draftStorage.js";

const draft = (id: string, savedAt: number, text = "{}"): Draft => ({ id, title: `Graph ${id}`, text, savedAt });

/** What every storage of drafts must do. `reopen` gives another one over the same data. */
export function draftStorageContract(name: string, make: () => { storage: DraftStorage; reopen: () => DraftStorage }): void {
  describe(`drafts ${name}`, () => {
    test("are there when they were put, and not when they were not", async () => {
      const { storage, reopen } = make();
      expect(await storage.get("a")).toBeUndefined();
      await storage.put(draft("a", 1));
      expect(await storage.get("a")).toEqual(draft("a", 1));
      expect(await reopen().get("a")).toEqual(draft("a", 1));
    });

    test("take the place of the one of their id, the last begun last", async () => {
      const { storage } = make();
      await Promise.all([storage.put(draft("a", 1, "1")), storage.put(draft("a", 2, "2")), storage.put(draft("a", 3, "3"))]);
      expect(await storage.get("a")).toEqual(draft("a", 3, "3"));
      expect(await storage.list()).toHaveLength(1);
    });

    test("are listed newest first, without their text", async () => {
      const { storage } = make();
      for (const [id, savedAt] of [
        ["b", 2],
        ["c", 3],
        ["a", 1],
        ["d", 2],
      ] as const)
        await storage.put(draft(id, savedAt));
      const list = await storage.list();
      expect(list.map(({ id }) => id)).toEqual(["c", "b", "d", "a"]);
      expect(list[0]).toEqual({ id: "c", title: "Graph c", savedAt: 3 });
    });

    test("are gone when they were deleted; deleting what is not there is no error", async () => {
      const { storage } = make();
      await storage.put(draft("a", 1));
      await storage.delete("a");
      await storage.delete("a");
      expect([await storage.get("a"), await storage.list()]).toEqual([undefined, []]);
    });
  });
}
