import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { ServerError } from "../server/serverError.js";

/**
 * The real path of a file that is named relative to a folder, with forward slashes. Links are followed, and where they lead has to lie in the
 * folder as well.
 * @throws ServerError FILE_OUTSIDE for a name that leads out or that no file has, FILE_NOT_FOUND
 */
export async function resolveInside(folder: string, name: string): Promise<string> {
  const parts = name.split("/");
  const bad = parts.some((part) => part === "" || part === "." || part === ".." || /[\0\\:]/.test(part)) || name.length > 1024;
  if (bad) throw outside(name);
  let [root, path]: [string, string] = ["", ""];
  try {
    [root, path] = await Promise.all([realpath(folder), realpath(join(folder, ...parts))]);
  } catch {
    throw new ServerError("FILE_NOT_FOUND", 404, `There is no file ${JSON.stringify(name)} in that folder`);
  }
  if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) throw outside(name);
  return path;
}

function outside(name: string): ServerError {
  return new ServerError("FILE_OUTSIDE", 404, `${JSON.stringify(name.slice(0, 200))} names no file within that folder`);
}
