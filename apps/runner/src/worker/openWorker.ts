import type { WorkerSettings } from "@patchbay/protocol";
import { gatherFolders } from "./modelFolders.js";
import { Worker } from "./worker.js";

/** A worker over the folders and with the engine that the settings name. @throws CLI_MODEL_PATHS, ENGINE_ARGUMENT, ENGINE_ISA, ENGINE_NOT_BUILT */
export async function openWorker(settings: WorkerSettings): Promise<Worker> {
  const { inputDir, outputDir, tempDir, blobDir, modelRoots, extraModelPaths, threads, isa, memory } = settings;
  const models = await gatherFolders(modelRoots, extraModelPaths);
  const worker = new Worker({ inputDir, outputDir, tempDir, blobDir, models }, { memory });
  if (threads !== undefined || isa !== undefined) {
    worker.configure({ ...(threads !== undefined && { threads }), ...(isa !== undefined && { isa }) });
  }
  return worker;
}
