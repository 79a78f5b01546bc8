export type { ErrorEntry } from "./errorEntry.js";
export { errorCodes, errorEntry, type ErrorCode } from "./errors.js";
export { runErrorSchema, type RunError } from "./runError.js";
export {
  savedFileSchema,
  workerEventSchema,
  workerRequestSchema,
  type RunRequest,
  type WorkerEvent,
  type WorkerRequest,
} from "./worker.js";
