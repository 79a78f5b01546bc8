import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Job, JobFile } from "@patchbay/protocol";
import { openDatabase, type JobDatabase } from "../jobs/database.js";
import { JobStore } from "../jobs/jobStore.js";
import { BlobStore } from "./blobStore.js";
import { Gallery } from "./gallery.js";
import { Retention, type RetentionLimits } from "./retention.js";

const hour = 60 * 60 * 1000;
const day = 24 * hour;

let folder: string;
let db: JobDatabase;
let blobs: BlobStore;
let store: JobStore;
let now: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "patchbay-retention-"));
  db = openDatabase(join(folder, "jobs.db"));
  blobs = new BlobStore(join(folder, "blobs"));
  now = Date.now();
  store = new JobStore(db, () => now);
});
afterEach(async () => {
  db.close();
  await rm(folder, { recursive: true });
});

async function file(type: JobFile["type"], content: string, bytes = 100): Promise<JobFile> {
  const text = content.padEnd(bytes);
  const hash = createHash("sha256").update(text).digest("hex");
  const path = blobs.pathOf(hash)!;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await utimes(path, now / 1000, now / 1000);
  if (type === "output") {
    await mkdir(join(folder, "output"), { recursive: true });
    await writeFile(join(folder, "output", `${content}.png`), text);
  }
  const about = { node: "1", kind: "images" as const, mediaType: "image/png", width: 1, height: 1 };
  return { ...about, filename: `${content}.png`, subfolder: "", type, hash, bytes };
}

/** A job that ended now. */
function ended(...files: JobFile[]): Job {
  const { job } = store.accept({ body: Buffer.from("{}"), title: "", front: true, graphHash: null, key: undefined });
  store.claim();
  return store.move(job.id, { to: "done", event: { type: "done", at: now, seconds: 0 }, files })!.job;
}

async function sweep(limits: Partial<RetentionLimits> = {}, inUse: ReadonlySet<string> = new Set()): Promise<void> {
  await new Retention(db, blobs, { limits, inUse: () => inUse, log: () => undefined, now: () => now }).sweep();
}

async function left(): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const { hash } of blobs.files()) found.add(hash);
  return found;
}

describe("retention", () => {
  it("removes previews that are old, and what names them, but no picture of the gallery", async () => {
    const [old, kept, both] = [await file("temp", "old"), await file("output", "kept"), await file("output", "both")];
    const job = ended(old, kept, both, { ...both, type: "temp", filename: "preview.png" });
    now += 8 * day;
    const fresh = await file("temp", "fresh");
    ended(fresh);
    await sweep();
    expect(await left()).toEqual(new Set([kept.hash, both.hash, fresh.hash]));
    expect(store.get(job.id)!.files.map(({ filename }) => filename)).toEqual(["kept.png", "both.png", "preview.png"]);
    expect(await readdir(join(folder, "output"))).toEqual(["both.png", "kept.png"]);
  });

  it("removes the oldest previews when there are too many bytes of them", async () => {
    const files: JobFile[] = [];
    for (let i = 0; i < 6; i++) {
      files.push(await file("temp", `preview ${i}`, 1000));
      ended(files[i]!);
      now += 1000;
    }
    // Shown again, the first is new.
    ended(files[0]!);
    await sweep({ tempBytes: 3000 });
    expect(await left()).toEqual(new Set([files[0]!.hash, files[4]!.hash, files[5]!.hash]));
  });

  it("leaves what a run in progress has written", async () => {
    const used = await file("temp", "used");
    ended(used);
    now += 30 * day;
    await sweep({}, new Set([used.hash]));
    expect(await left()).toEqual(new Set([used.hash]));
    await sweep();
    expect(await left()).toEqual(new Set());
  });

  it("removes content that nothing names, once no run can be about to name it", async () => {
    const orphan = await file("temp", "orphan");
    await sweep();
    expect(await left()).toEqual(new Set([orphan.hash]));
    now += 2 * hour;
    await sweep();
    expect(await left()).toEqual(new Set());
  });

  it("leaves of old jobs a tombstone, for a time, and their pictures in the gallery", async () => {
    const picture = await file("output", "picture");
    const old = ended(picture);
    const waiting = store.accept({ body: Buffer.from("{}"), title: "", front: false, graphHash: null, key: undefined }).job;
    now += 91 * day;
    const young = ended();
    await sweep();
    expect(store.get(old.id)).toBeUndefined();
    expect(store.wasPruned(old.id)).toBe(true);
    expect(store.body(old.id)).toBeUndefined();
    expect(store.events.read(old.number, 0)).toBeUndefined();
    expect(store.get(waiting.id)).toBeDefined();
    expect(store.get(young.id)).toBeDefined();
    expect(new Gallery(db, blobs, join(folder, "output")).list(10, 1000).map(({ job }) => job)).toEqual([old.id]);
    expect(await left()).toEqual(new Set([picture.hash]));
    now += 31 * day;
    await sweep();
    expect(store.wasPruned(old.id)).toBe(false);
  });

  it("keeps the newest jobs by number and by bytes", async () => {
    const jobs = Array.from({ length: 1200 }, () => ended());
    await sweep({ jobs: 700 });
    const kept = (): string[] => store.finished(5000, Number.MAX_SAFE_INTEGER).map(({ id }) => id);
    expect(kept()).toEqual(
      jobs
        .slice(500)
        .map(({ id }) => id)
        .toReversed(),
    );
    await sweep({ jobBytes: 1000 });
    expect(kept().length).toBeLessThan(20);
    expect(kept()[0]).toBe(jobs.at(-1)!.id);
  });
});
