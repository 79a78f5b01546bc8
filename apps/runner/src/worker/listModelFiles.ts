import { readdir, realpath, stat } from "node:fs/promises";
import { extname, join } from "node:path";

const extensions = new Set([".safetensors", ".sft", ".ckpt", ".pt", ".pt2", ".bin", ".pth", ".pkl"]);

/** Folders below a model folder, and entries in all, that are looked at: enough for any collection, not for a whole disk. */
const MAX_DEPTH = 16;
const MAX_ENTRIES = 200_000;

/**
 * Names of the model files below a folder, with forward slashes, sorted. Links are followed, as people keep models on other disks;
 * a folder that a link leads back to is not entered twice. A folder that isn't there has none.
 */
export async function listModelFiles(folder: string): Promise<string[]> {
  const names: string[] = [];
  await walk(folder, (path, name) => (extensions.has(extname(name).toLowerCase()) ? void names.push(path) : undefined));
  return names.sort();
}

/** Names of the folders below a folder that hold a model as diffusers saves it. */
export async function listDiffusersFolders(folder: string): Promise<string[]> {
  const names: string[] = [];
  await walk(folder, (path, name) => {
    if (name === "model_index.json" && path.includes("/")) names.push(path.slice(0, path.lastIndexOf("/")));
  });
  return names.sort();
}

/** A folder and all folders below it, those that links lead to by the paths of the links; none when it isn't there. */
export async function listFolders(folder: string): Promise<string[]> {
  const folders: string[] = [];
  await walk(
    folder,
    () => undefined,
    (path) => void folders.push(path),
  );
  return folders;
}

async function walk(
  root: string,
  visit: (path: string, name: string) => void,
  visitFolder: (path: string) => void = () => undefined,
): Promise<void> {
  const entered = new Set<string>();
  let left = MAX_ENTRIES;
  const enter = async (folder: string, prefix: string, depth: number): Promise<void> => {
    const real = await realpath(folder).catch(() => undefined);
    if (real === undefined || entered.has(real) || depth > MAX_DEPTH) return;
    entered.add(real);
    visitFolder(folder);
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (left-- <= 0) return;
      if (entry.name.startsWith(".")) continue;
      const path = join(folder, entry.name);
      const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
      if (target?.isDirectory()) await enter(path, `${prefix}${entry.name}/`, depth + 1);
      else if (target?.isFile()) visit(prefix + entry.name, entry.name);
    }
  };
  await enter(root, "", 0);
}
