export type { ErrorEntry } from "./errorEntry.js";
export { errorCodes, errorEntry, type ErrorCode } from "./errors.js";
export { arithmeticSchema, precisions, precisionSchema, type Arithmetic, type Precision } from "./arithmetic.js";
export { runErrorSchema, type RunError } from "./runError.js";
export {
  isFinal,
  jobEventSchema,
  jobFileSchema,
  jobSchema,
  jobStates,
  type Job,
  type JobEvent,
  type JobFile,
  type JobState,
} from "./job.js";
export {
  clearedSchema,
  errorAnswerSchema,
  jobEventsSchema,
  jobGraphSchema,
  jobListSchema,
  newJobSchema,
  problemSchema,
  resultListSchema,
  resultSchema,
  statusSchema,
  uploadedSchema,
  welcomeSchema,
  workerStates,
  type Cleared,
  type ErrorAnswer,
  type JobEvents,
  type JobGraph,
  type JobList,
  type NewJob,
  type Problem,
  type Result,
  type ResultList,
  type Status,
  type Uploaded,
  type Welcome,
  type WorkerState,
} from "./http.js";
export {
  clientMessageSchema,
  decodePreview,
  encodePreview,
  serverMessageSchema,
  type ClientMessage,
  type Preview,
  type ServerMessage,
} from "./socket.js";
export {
  savedFileSchema,
  workerEventSchema,
  workerMessageSchema,
  workerRequestSchema,
  workerSettingsSchema,
  type RunRequest,
  type WorkerEvent,
  type WorkerMessage,
  type WorkerRequest,
  type WorkerSettings,
} from "./worker.js";
