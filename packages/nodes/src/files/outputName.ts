import { closeSync, mkdirSync, openSync, unlinkSync, writeSync } from "node:fs";
import { open, readdir, unlink } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { NodeContext, SavedFile } from "../nodeContext.js";
import { NodeError, quote } from "../nodeError.js";
import { folderInside } from "./insidePath.js";

/** Where files of one prefix go: PREFIX_00001_.png, the number one above the highest there is. */
export interface OutputName {
  readonly type: "output" | "temp";
  /** Absolute; made when missing. */
  readonly folder: string;
  readonly subfolder: string;
  readonly prefix: string;
  /** The number of the first file. */
  readonly first: number;
}

export interface OutputNameOptions {
  readonly type: "output" | "temp";
  /** Of the pictures, for the prefix. */
  readonly width: number;
  readonly height: number;
  /** The prefix is new: the folder, which may hold very many files, need not be searched for its highest number. */
  readonly isFresh?: boolean;
}

/**
 * Reads a file name prefix as ComfyUI does: it may hold a subfolder and %width% %height% %year% %month% %day% %hour% %minute% %second%;
 * %batch_num% stays for each file.
 * @throws FILE_OUTSIDE, FILE_NAME, FILE_WRITE
 */
export async function outputName(
  filenamePrefix: string,
  { type, width, height, isFresh = false }: OutputNameOptions,
  context: Pick<NodeContext, "outputDir" | "tempDir">,
  now = new Date(),
): Promise<OutputName> {
  const root = type === "output" ? context.outputDir : context.tempDir;
  const filled = fillTokens(filenamePrefix, { width, height }, now).replaceAll("\\", "/");
  const slash = filled.lastIndexOf("/");
  const prefix = filled.slice(slash + 1);
  if (/[\0-\x1f]/.test(filled) || prefix.length > 200 || prefix === "." || prefix === "..")
    throw new NodeError("FILE_NAME", `No file name can begin with ${quote(filled)}: a short text without control characters is right`);
  const folder = await folderInside(root, slash < 0 ? "" : filled.slice(0, slash) || "/");
  try {
    mkdirSync(folder, { recursive: true });
    const realRoot = await folderInside(root, "");
    return {
      type,
      folder,
      subfolder: relative(realRoot, folder).split(sep).join("/"),
      prefix,
      first: isFresh ? 1 : nextCounter(prefix, await readdir(folder)),
    };
  } catch (cause) {
    throw writeError(folder, cause);
  }
}

function fillTokens(text: string, { width, height }: { readonly width: number; readonly height: number }, now: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const tokens: Record<string, string> = {
    width: String(width),
    height: String(height),
    year: String(now.getFullYear()),
    month: two(now.getMonth() + 1),
    day: two(now.getDate()),
    hour: two(now.getHours()),
    minute: two(now.getMinutes()),
    second: two(now.getSeconds()),
  };
  return text.replace(/%(\w+)%/g, (whole, name: string) => (Object.hasOwn(tokens, name) ? tokens[name]! : whole));
}

/** One above the highest number of the files PREFIX_NUMBER…; letters' case doesn't tell files apart, as on some file systems. */
function nextCounter(prefix: string, names: readonly string[]): number {
  const start = `${prefix}_`.toLowerCase();
  let highest = 0;
  for (const name of names) {
    const digits = name.toLowerCase().startsWith(start) ? /^\d{1,15}(?=[_.]|$)/.exec(name.slice(start.length)) : null;
    if (digits) highest = Math.max(highest, Number(digits[0]));
  }
  return highest + 1;
}

/** What to write: file `index` of a batch. */
export interface OutputFile {
  readonly index: number;
  readonly kind: SavedFile["kind"];
  /** With its dot. */
  readonly extension: string;
  readonly bytes: Uint8Array;
  /** Of a picture, in pixels. */
  readonly size?: { readonly width: number; readonly height: number };
}

/**
 * Writes a file under its name, and tells the context. A file that came to be meanwhile is not overwritten: the next free number is taken.
 * @throws FILE_WRITE
 */
export async function writeOutput(
  name: OutputName,
  { index, kind, extension, bytes, size }: OutputFile,
  context: Pick<NodeContext, "saved">,
): Promise<void> {
  const prefix = name.prefix.replaceAll("%batch_num%", String(index));
  for (let counter = name.first + index; ; counter++) {
    const filename = `${prefix}_${String(counter).padStart(5, "0")}_${extension}`;
    const path = join(name.folder, filename);
    if (!(await writeNew(path, bytes))) continue;
    const { subfolder, type } = name;
    context.saved({ kind, filename, subfolder, type, path, bytes: bytes.length, ...size }, bytes);
    return;
  }
}

/** Up to here a file is written sooner than another thread could begin to. */
const small = 1 << 16;

/** False when the file is there already; one that could not be written whole is taken away again. */
async function writeNew(path: string, bytes: Uint8Array): Promise<boolean> {
  if (bytes.length <= small) return writeSmall(path, bytes);
  const handle = await open(path, "wx").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "EEXIST") return undefined;
    throw writeError(path, cause);
  });
  if (!handle) return false;
  try {
    await handle.writeFile(bytes);
    await handle.close();
    return true;
  } catch (cause) {
    await handle.close().catch(() => undefined);
    await unlink(path).catch(() => undefined);
    throw writeError(path, cause);
  }
}

function writeSmall(path: string, bytes: Uint8Array): boolean {
  let made = false;
  try {
    const file = openSync(path, "wx");
    made = true;
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    } finally {
      closeSync(file);
    }
    return true;
  } catch (cause) {
    if (!made && (cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    if (made) unlinkSync(path);
    throw writeError(path, cause);
  }
}

function writeError(path: string, cause: unknown): NodeError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new NodeError(
    "FILE_WRITE",
    `Cannot write "${path}" (${reason}): "${dirname(path)}" must be a folder with room that this user may write to`,
    { cause },
  );
}
