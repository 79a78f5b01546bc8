import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { link, mkdir, open, rename, stat, unlink } from "node:fs/promises";
import { extname, join } from "node:path";
import { ServerError } from "../server/serverError.js";
import { sniffImage, sniffedBytes, type ImageFormat } from "./sniffImage.js";

/** How many names are tried: "name.png", "name (1).png", … */
const mostNames = 10_000;
/** Longest name, in bytes: what file systems hold, less room for a number. */
const longestName = 200;
/** Names that Windows keeps for devices. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * A name that is safe in any folder: the last part of what was given, without control characters and those that some system forbids, not hidden,
 * not a device, not too long, with an ending that fits the content.
 */
export function safeFileName(given: string, format: ImageFormat): string {
  const last = given.normalize("NFC").split(/[/\\]/).at(-1)!;
  // Also marks that turn the direction of writing, which can hide an ending.
  const clean = last.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}<>:"|?*]/gu, "").trim();
  const ending = /\.[a-z0-9]{1,8}$/i.exec(clean)?.[0].toLowerCase() ?? "";
  const known = format.extensions.includes(ending);
  let stem = (known ? clean.slice(0, -ending.length) : clean).replaceAll(/^[\s.]+|[\s.]+$/g, "");
  if (stem === "") stem = "image";
  if (reserved.test(stem.split(".")[0]!)) stem = `image-${stem}`;
  while (Buffer.byteLength(stem) > longestName) stem = stem.replace(/.$/su, "");
  return `${stem}${known ? ending : format.extensions[0]!}`;
}

/**
 * Writes an uploaded picture into the input folder, whole or not at all, and returns its name. The same bytes under the same name are there once;
 * other bytes under a name that is taken get another, "name (1).png".
 * @throws ServerError UPLOAD_TYPE for what is no picture; what reading the bytes throws
 */
export async function storeUpload(folder: string, givenName: string, bytes: AsyncIterable<Uint8Array>): Promise<string> {
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.upload-${randomBytes(8).toString("hex")}`);
  try {
    const { hash, length, format } = await receive(temporary, bytes);
    const name = safeFileName(givenName, format);
    const ending = extname(name);
    for (let i = 0; i < mostNames; i++) {
      const candidate = i === 0 ? name : `${name.slice(0, -ending.length)} (${i})${ending}`;
      const path = join(folder, candidate);
      if (await claimName(temporary, path)) {
        await syncFolder(folder);
        return candidate;
      }
      if (await isSame(path, hash, length)) return candidate;
    }
    throw new ServerError("UPLOAD_NAME", 400, `${mostNames} files are called like ${JSON.stringify(name)} already; give another name`);
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

async function receive(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly hash: string; readonly length: number; readonly format: ImageFormat }> {
  const file = await open(path, "wx");
  try {
    const hash = createHash("sha256");
    let head: Buffer = Buffer.alloc(0);
    let length = 0;
    for await (const chunk of bytes) {
      const complete = head.length >= sniffedBytes;
      if (!complete) head = Buffer.concat([head, chunk.subarray(0, sniffedBytes)]);
      if (!complete && head.length >= sniffedBytes) formatOf(head);
      hash.update(chunk);
      length += chunk.length;
      await file.write(chunk);
    }
    const format = formatOf(head);
    await file.sync();
    return { hash: hash.digest("hex"), length, format };
  } finally {
    await file.close();
  }
}

function formatOf(head: Uint8Array): ImageFormat {
  const format = sniffImage(head);
  if (format) return format;
  const start = Buffer.from(head.subarray(0, 8)).toString("hex") || "nothing";
  throw new ServerError("UPLOAD_TYPE", 415, `The file begins with ${start}, as no picture does; upload a PNG, JPEG, WebP or GIF`);
}

async function isSame(path: string, hash: string, length: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() || found.size !== length) return false;
  const own = createHash("sha256");
  for await (const chunk of createReadStream(path)) own.update(chunk as Buffer);
  return own.digest("hex") === hash;
}

/** Gives a file a name unless that is taken; true when it has it. */
async function claimName(temporary: string, path: string): Promise<boolean> {
  try {
    // A link, and not a rename, which would replace what has the name.
    await link(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    // File systems without links, such as FAT: then the name is looked at first, and all uploads go through this process.
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
    if (await stat(path).catch(() => undefined)) return false;
    await rename(temporary, path);
    return true;
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
