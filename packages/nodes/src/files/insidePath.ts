import { realpathSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { NodeError, quote } from "../nodeError.js";

/** Names are cut off here; no file system takes longer ones. */
const MAX_NAME = 4096;

/**
 * The absolute path of `name` in `folder`. `name` is relative and written with / or, as files from Windows have it, \.
 * Only the text is looked at here; see `realPathInside` for links.
 * @throws FILE_OUTSIDE when it leaves the folder, FILE_NAME when no file can be called so
 */
export function pathInside(folder: string, name: string): string {
  if (name.includes("\0") || name.length > MAX_NAME || name.trim() === "")
    throw new NodeError("FILE_NAME", `${quote(name)} is no file name: a short text without control characters is right`);
  const root = resolve(folder);
  const path = resolve(root, name.replaceAll("\\", "/"));
  if (path !== root && isInside(root, path) && !/^[a-zA-Z]:/.test(name)) return path;
  throw new NodeError("FILE_OUTSIDE", `${quote(name)} leaves the folder "${root}": a name within it is right, without ".." or a leading /`);
}

/**
 * The real path of an existing file in `folder`, or undefined when there is none. Links may point elsewhere within the folder only.
 * @throws FILE_OUTSIDE, FILE_NAME
 */
export async function realPathInside(folder: string, name: string): Promise<string | undefined> {
  const path = pathInside(folder, name);
  const [root, real] = [realOrUndefined(folder), realOrUndefined(path)];
  if (root === undefined || real === undefined) return undefined;
  if (isInside(root, real)) return real;
  throw new NodeError("FILE_OUTSIDE", `${quote(name)} is a link that leaves the folder "${folder}": it leads to "${real}"`);
}

/**
 * The path of a folder that may not be there yet; the part of it that is must lie in `folder` once links are followed.
 * @throws FILE_OUTSIDE, FILE_NAME
 */
export async function folderInside(folder: string, name: string): Promise<string> {
  const path = name === "" || name === "." ? resolve(folder) : pathInside(folder, name);
  const root = realOrUndefined(folder) ?? resolve(folder);
  let existing = path;
  let real = realOrUndefined(existing);
  while (real === undefined && isInside(resolve(folder), dirname(existing))) {
    existing = dirname(existing);
    real = realOrUndefined(existing);
  }
  if (real !== undefined && !isInside(root, real))
    throw new NodeError("FILE_OUTSIDE", `${quote(name)} leads through a link out of the folder "${folder}" to "${real}"`);
  return real === undefined ? path : join(real, relative(existing, path));
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** At once: it takes microseconds, which a turn to another thread does not. */
function realOrUndefined(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
