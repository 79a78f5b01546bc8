import { access, stat } from "node:fs/promises";
import { join } from "node:path";
import { NodeError, pathInside, type ModelFolders } from "@patchbay/nodes";
import { listDiffusersFolders, listModelFiles } from "./listModelFiles.js";
import { readModelPaths } from "./modelPaths.js";
import { modelKinds } from "./modelKinds.js";

/** Folders by kind, in the order in which a name is looked for. */
export type FoldersByKind = ReadonlyMap<string, readonly string[]>;

/** A `models` folder may name further folders in a file of this name, in the form of ComfyUI's extra_model_paths.yaml. */
const OWN_PATHS_FILE = "model_paths.yaml";

/**
 * The folders that `models` folders in ComfyUI's layout and extra_model_paths.yaml files give. Folders that a file marks as default come
 * first, then those of the roots in their order. @throws CLI_MODEL_PATHS for a file that can't be read
 */
export async function gatherFolders(roots: readonly string[], pathsFiles: readonly string[] = []): Promise<FoldersByKind> {
  const first: [string, string][] = [];
  const last: [string, string][] = [];
  const addFile = async (file: string): Promise<void> => {
    for (const { kind, folder, isDefault } of await readModelPaths(file)) (isDefault ? first : last).push([kind, folder]);
  };
  for (const root of roots) {
    for (const [kind, names] of Object.entries(modelKinds)) for (const name of names) last.push([kind, join(root, name)]);
    const own = join(root, OWN_PATHS_FILE);
    const present = await access(own).then(
      () => true,
      () => false,
    );
    if (present) await addFile(own);
  }
  for (const file of pathsFiles) await addFile(file);
  const folders = new Map<string, string[]>();
  for (const [kind, folder] of [...first, ...last]) {
    const known = folders.get(kind);
    if (!known) folders.set(kind, [folder]);
    else if (!known.includes(folder)) known.push(folder);
  }
  return folders;
}

/** Model files in some folders; a name that several folders have means the file in the first of them. */
export function modelFolders(folders: FoldersByKind): ModelFolders {
  return {
    async resolve(kind, name) {
      for (const folder of folders.get(kind) ?? []) {
        const path = pathInside(folder, name);
        if (await stat(path).catch(() => undefined)) return path;
      }
      throw new NodeError("FILE_NOT_FOUND", await notFound(kind, name, folders, this));
    },
    async list(kind) {
      const list = kind === "diffusers" ? listDiffusersFolders : listModelFiles;
      const names = await Promise.all((folders.get(kind) ?? []).map(list));
      return [...new Set(names.flat())].sort();
    },
  };
}

async function notFound(kind: string, name: string, folders: FoldersByKind, models: ModelFolders): Promise<string> {
  const there = await models.list(kind);
  const some = there.slice(0, 8).map((each) => `"${each}"`);
  const more = there.length > some.length ? `, and ${there.length - some.length} more` : "";
  const right =
    there.length > 0 ? `there are ${some.join(", ")}${more}` : `there are none in ${(folders.get(kind) ?? []).join(", ") || "any folder"}`;
  return `There is no file "${name.slice(0, 200)}" among the ${kind}: ${right}`;
}
