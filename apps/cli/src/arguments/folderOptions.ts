import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Option, type Command } from "commander";

/** Where files are looked for and written, as the command line says it. */
export interface FolderFlags {
  readonly models: readonly string[];
  readonly extraModelPaths: readonly string[];
  readonly input: string;
  readonly output: string;
}

/** The models that come with Patchbay. */
const ownModels = fileURLToPath(new URL("../../../../models", import.meta.url));

export function addFolderOptions(command: Command): Command {
  return command
    .addOption(
      listOption("--models <folder>", "a models folder in ComfyUI's layout; may be given several times", "./models and the starter's"),
    )
    .addOption(listOption("--extra-model-paths <file>", "a file as ComfyUI's extra_model_paths.yaml; may be given several times"))
    .option("--input <folder>", "where Load Image and the like find files", "input")
    .option("--output <folder>", "where files are written", "output");
}

/** The models folders to use: those given, or the one of this folder and Patchbay's own. */
export function modelRoots({ models }: Pick<FolderFlags, "models">): string[] {
  if (models.length > 0) return models.map((folder) => resolve(folder));
  return [...new Set([resolve("models"), ownModels])].filter((folder) => existsSync(folder));
}

/** An option that may be given several times: a list, empty by default. */
export function listOption(flags: string, description: string, defaultWords = "none"): Option {
  return new Option(flags, description).argParser((value, before: readonly string[]) => [...before, value]).default([], defaultWords);
}
