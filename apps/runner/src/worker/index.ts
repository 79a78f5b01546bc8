export { gatherFolders, type FoldersByKind } from "./modelFolders.js";
export { readModelPaths, type ModelPath } from "./modelPaths.js";
export type { RunOutcome } from "./runOutcome.js";
export { Worker, type RunOptions, type RunProblem, type WorkerFolders } from "./worker.js";
export type { Precision, RunError, RunRequest, WorkerEvent } from "@patchbay/protocol";
export type { SavedFile } from "@patchbay/nodes";
export { inspectModelFile, type ModelReport } from "@patchbay/nodes";
