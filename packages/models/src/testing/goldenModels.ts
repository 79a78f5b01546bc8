import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../../../", import.meta.url);

/**
 * The path of one of the tiny models of the whole-graph goldens ("checkpoints/tiny-sd15.safetensors"); it is made when it isn't there yet.
 */
export async function goldenModel(name: string): Promise<string> {
  const folder = fileURLToPath(new URL("models/golden", root));
  const { makeModels } = (await import(new URL("tools/golden/makeModels.mjs", root).href)) as {
    makeModels: (folder: string, names: readonly string[]) => void;
  };
  makeModels(folder, [name]);
  const path = `${folder}/${name}`;
  if (!existsSync(path)) throw new Error(`${path} was not made`);
  return path;
}

/** The path of the starter's checkpoint. */
export const starterPath = fileURLToPath(new URL("models/starter/starter.safetensors", root));
