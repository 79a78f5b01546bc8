import type { WorkerSettings } from "@patchbay/protocol";
import { gatherFolders } from "./modelFolders.js";
import { Worker } from "./worker.js";

/** A worker over the folders and with the engine that the settings name. @throws CLI_MODEL_PATHS, ENGINE_ARGUMENT, ENGINE_ISA, ENGINE_NOT_BUILT */
export async function openWorker(settings: WorkerSettings): Promise<Worker> {
  const { inputDir, outputDir, tempDir, threads, isa } = settings;
  const worker = new Worker({ inputDir, outputDir, tempDir, models: await gatherFolders(settings.modelRoots, settings.extraModelPaths) });
  if (threads !== undefined || isa !== undefined) {
    worker.configure({ ...(threads !== undefined && { threads }), ...(isa !== undefined && { isa }) });
  }
  return worker;
}
