import { resolve } from "node:path";
import type { Worker } from "@patchbay/runner/worker";
import { modelRoots, type FolderFlags } from "./arguments/folderOptions.js";

/** A worker in this process over the folders that the command line names. @throws CLI_MODEL_PATHS */
export async function openWorker(flags: FolderFlags): Promise<Worker> {
  const { gatherFolders, Worker } = await import("@patchbay/runner/worker");
  return new Worker({
    inputDir: resolve(flags.input),
    outputDir: resolve(flags.output),
    tempDir: resolve("temp"),
    models: await gatherFolders(
      modelRoots(flags),
      flags.extraModelPaths.map((file) => resolve(file)),
    ),
  });
}
