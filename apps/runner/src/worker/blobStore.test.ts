import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SavedFile } from "@patchbay/nodes";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BlobStore } from "./blobStore.js";

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "patchbay-blobs-"))));
afterEach(() => rmSync(root, { recursive: true }));

function write(name: string, content: Uint8Array, type: SavedFile["type"] = "output"): SavedFile {
  const path = join(root, name);
  writeFileSync(path, content);
  return { kind: "images", filename: name, subfolder: "", type, path, bytes: content.length };
}

const sha256 = (content: Uint8Array): string => createHash("sha256").update(content).digest("hex");

describe("BlobStore", () => {
  it.each([10, 3_000_000])("puts a file of %d bytes under its hash, as a second name", async (size) => {
    const store = new BlobStore(join(root, "blobs"));
    const content = Buffer.alloc(size, "x");
    const stored = await store.put(write("a", content), content);
    expect(stored).toMatchObject({ filename: "a", hash: sha256(content) });
    expect(store.path(stored.hash)).toBe(join(root, "blobs", stored.hash.slice(0, 2), stored.hash));
    expect(statSync(store.path(stored.hash)).ino).toBe(statSync(join(root, "a")).ino);
    expect(await store.has(stored)).toBe(true);
    rmSync(join(root, "a"));
    expect(readFileSync(store.path(stored.hash)).equals(content)).toBe(true);
  });

  it("keeps one blob for equal files, and mends one that a crash left short", async () => {
    const store = new BlobStore(join(root, "blobs"));
    const content = Buffer.from("picture");
    const { hash } = await store.put(write("a", content), content);
    const before = statSync(store.path(hash)).ino;
    await store.put(write("b", content), content);
    expect(statSync(store.path(hash)).ino).toBe(before);
    rmSync(store.path(hash));
    writeFileSync(store.path(hash), "pic");
    expect(await store.has({ hash, bytes: content.length })).toBe(false);
    await store.put(write("c", content), content);
    expect(readFileSync(store.path(hash)).equals(content)).toBe(true);
    expect(readdirSync(join(root, "blobs", hash.slice(0, 2)))).toEqual([hash]);
  });

  it("writes a copy where there can be no second name", async () => {
    const store = new BlobStore(join(root, "blobs"));
    const content = Buffer.from("gone already");
    const file = write("a", content, "temp");
    rmSync(file.path);
    const { hash } = await store.put(file, content);
    expect(readFileSync(store.path(hash)).equals(content)).toBe(true);
    expect(readdirSync(join(root, "blobs", hash.slice(0, 2)))).toEqual([hash]);
  });

  it("comes back when its folder was taken away", async () => {
    const store = new BlobStore(join(root, "blobs"));
    const content = Buffer.from("once more");
    await store.put(write("a", content), content);
    rmSync(join(root, "blobs"), { recursive: true });
    const { hash } = await store.put(write("b", content), content);
    expect(existsSync(store.path(hash))).toBe(true);
  });

  it("says what failed, and leaves nothing half written", async () => {
    mkdirSync(join(root, "blobs"));
    const content = Buffer.from("no room");
    writeFileSync(join(root, "blobs", sha256(content).slice(0, 2)), "a file where a folder should be");
    await expect(new BlobStore(join(root, "blobs")).put(write("a", content), content)).rejects.toMatchObject({ code: "FILE_WRITE" });
    expect(readdirSync(join(root, "blobs"))).toHaveLength(1);
  });
});
