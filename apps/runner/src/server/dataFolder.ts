import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import Database from "libsql";
import { ServerError } from "./serverError.js";

/** Where a server keeps what it knows and what it makes. */
export interface DataFolder {
  readonly root: string;
  readonly database: string;
  readonly blobs: string;
  readonly output: string;
  readonly input: string;
  readonly temp: string;
  /** A models folder in ComfyUI's layout. */
  readonly models: string;
  /** Lets the next server have the folder. */
  readonly release: () => void;
}

/** The data folder unless one is named: $XDG_DATA_HOME/patchbay, or ~/.local/share/patchbay. */
export function defaultDataDir(): string {
  return join(process.env["XDG_DATA_HOME"] || join(homedir(), ".local", "share"), "patchbay");
}

/**
 * Makes the folders that are missing, empties `temp`, and holds the folder until `release` or the end of the process.
 * @throws ServerError SERVER_DATA_IN_USE when another server holds it
 */
export async function openDataFolder(dataDir: string, given: { readonly input?: string; readonly output?: string }): Promise<DataFolder> {
  const root = resolve(dataDir);
  const folders = {
    root,
    database: join(root, "patchbay.db"),
    blobs: join(root, "blobs"),
    output: resolve(given.output ?? join(root, "output")),
    input: resolve(given.input ?? join(root, "input")),
    temp: join(root, "temp"),
    models: join(root, "models"),
  };
  await mkdir(root, { recursive: true, mode: 0o700 });
  const release = lock(root);
  try {
    const emptied = emptyTemp(folders.temp);
    for (const name of ["blobs", "output", "input", "models"] as const) await mkdir(folders[name], { recursive: true });
    await emptied;
    await removeUnfinishedUploads(folders.input);
  } catch (error) {
    release();
    throw error;
  }
  return { ...folders, release };
}

/**
 * An exclusive lock that the system lifts when the process ends, however it ends: Node has none of its own, SQLite has. Its database is empty and
 * used for nothing else.
 */
function lock(root: string): () => void {
  const db = new Database(join(root, "patchbay.lock"));
  try {
    db.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    db.close();
    const message = `The data folder "${root}" is used by another Patchbay server; use that one, stop it, or name another folder with --data`;
    throw new ServerError("SERVER_DATA_IN_USE", 409, message, { cause });
  }
  return () => db.close();
}

/** Moves what is there out of the way at once, and removes it while the server starts. */
async function emptyTemp(temp: string): Promise<void> {
  const old = `${temp}.old`;
  await rm(old, { recursive: true, force: true });
  await rename(temp, old).catch(() => undefined);
  await mkdir(temp, { recursive: true });
  void rm(old, { recursive: true, force: true }).catch(() => undefined);
}

async function removeUnfinishedUploads(input: string): Promise<void> {
  for (const name of await readdir(input)) if (/^\.upload-[0-9a-f]{16}$/.test(name)) await rm(join(input, name), { force: true });
}
