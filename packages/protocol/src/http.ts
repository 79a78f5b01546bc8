/**
 * The studio's HTTP interface, all below /studio/. Bodies are JSON (seeds beyond 2^53 as plain integers: read them with the codec of
 * packages/graph) unless said otherwise. Every request carries the token: as the cookie that opening the printed URL sets, or as
 * "Authorization: Bearer TOKEN". Errors are answered as `errorAnswerSchema` with a fitting status.
 *
 * | request                             | body                | answer                                                              |
 * | ----------------------------------- | ------------------- | ------------------------------------------------------------------- |
 * | POST   /studio/jobs                 | newJobSchema        | 201 jobSchema, once durable; 400 with problems; 429 queue full; 507 |
 * | GET    /studio/jobs?limit&before    |                     | jobListSchema: unfinished ones, then finished, newest first         |
 * | GET    /studio/jobs/ID              |                     | jobSchema; 404 JOB_UNKNOWN, 410 JOB_PRUNED                           |
 * | GET    /studio/jobs/ID/graph        |                     | jobGraphSchema                                                      |
 * | GET    /studio/jobs/ID/events?after |                     | jobEventsSchema                                                     |
 * | POST   /studio/jobs/ID/cancel       |                     | jobSchema; a job that has ended stays as it is                      |
 * | POST   /studio/jobs/clear           |                     | clearedSchema: every job that waits is cancelled                    |
 * | GET    /studio/catalog              |                     | ComfyUI's /object_info of our nodes; ETag                           |
 * | GET    /studio/known-nodes          |                     | the same of ComfyUI's own nodes, for reading foreign graphs; ETag   |
 * | GET    /studio/results?limit&before |                     | resultListSchema: output pictures, newest first                     |
 * | DELETE /studio/results/ID           |                     | 204: the named file and the entry are gone                          |
 * | POST   /studio/results/ID/reveal    |                     | 204: a file manager on the server's machine shows the file          |
 * | GET    /studio/blobs/HASH           |                     | the bytes; never changes                                            |
 * | GET    /studio/files/TYPE/PATH      |                     | the bytes of a named file; TYPE is input, output or temp            |
 * | POST   /studio/uploads?name=NAME    | the file's bytes    | 201 uploadedSchema; the same bytes again give the same name         |
 * | GET    /studio/welcome              |                     | welcomeSchema                                                       |
 * | GET    /studio/status               |                     | statusSchema                                                        |
 *
 * A job may ask for a precision; its `arithmetic` says what it is really computed with (arithmetic.ts).
 *
 * `Idempotency-Key` on POST /studio/jobs: the same key within 24 h gives the same job; with another body 409 JOB_KEY_REUSED.
 */
import type { JsonValue, Prompt } from "@patchbay/graph";
import * as z from "zod";
import { precisionSchema } from "./arithmetic.js";
import { jobEventSchema, jobFileSchema, jobSchema } from "./job.js";

/** A prompt or workflow: bounded and checked by packages/graph. */
const prompt = z.record(z.string(), z.unknown()) as unknown as z.ZodType<Prompt>;
const json = z.unknown() as unknown as z.ZodType<JsonValue>;

export const newJobSchema = z.strictObject({
  /** The API prompt to run. */
  prompt,
  /** ComfyUI's UI workflow, which saved files carry; null or left out when there is none. */
  workflow: json.nullable().optional(),
  /** What lists call the job. */
  title: z.string().max(200).optional(),
  /** Output nodes to run; null or left out for all. */
  targets: z.array(z.string()).nullable().optional(),
  /** Whether saved files carry the graph that made them; left out: they do. */
  metadata: z.boolean().optional(),
  /** What it may be computed with; left out: what the server runs jobs with that don't say. */
  precision: precisionSchema.optional(),
  /** Before all others that wait. */
  front: z.boolean().optional(),
});
export type NewJob = z.infer<typeof newJobSchema>;

export const jobListSchema = z.strictObject({ jobs: z.array(jobSchema), more: z.boolean() });
export type JobList = z.infer<typeof jobListSchema>;

export const jobGraphSchema = z.strictObject({ prompt, workflow: json.nullable() });
export type JobGraph = z.infer<typeof jobGraphSchema>;

/** Events `first`, `first + 1`, … */
export const jobEventsSchema = z.strictObject({ first: z.number().int().positive(), events: z.array(jobEventSchema) });
export type JobEvents = z.infer<typeof jobEventsSchema>;

export const clearedSchema = z.strictObject({ cancelled: z.number().int().nonnegative() });
export type Cleared = z.infer<typeof clearedSchema>;

/** One picture of the gallery. */
export const resultSchema = z.strictObject({
  id: z.string(),
  job: z.string(),
  title: z.string(),
  createdAt: z.number(),
  file: jobFileSchema,
});
export type Result = z.infer<typeof resultSchema>;

export const resultListSchema = z.strictObject({ results: z.array(resultSchema), more: z.boolean() });
export type ResultList = z.infer<typeof resultListSchema>;

/** An uploaded file as inputs such as LoadImage's name it. */
export const uploadedSchema = z.strictObject({ name: z.string(), subfolder: z.string(), type: z.literal("input") });
export type Uploaded = z.infer<typeof uploadedSchema>;

/** What the studio opens when nothing was open: a graph (in any format that packages/graph reads) and the job that ran it here. */
export const welcomeSchema = z.strictObject({ graph: json, job: jobSchema.nullable() });
export type Welcome = z.infer<typeof welcomeSchema>;

export const workerStates = ["starting", "idle", "busy", "down"] as const;
export type WorkerState = (typeof workerStates)[number];

export const statusSchema = z.strictObject({
  version: z.string(),
  worker: z.enum(workerStates),
  queued: z.number().int().nonnegative(),
  /** Whether files can be shown in a file manager. */
  desktop: z.boolean(),
});
export type Status = z.infer<typeof statusSchema>;

/** One thing that keeps a graph from being run. */
export const problemSchema = z.strictObject({
  code: z.string(),
  /** "nodes.ID", "nodes.ID.inputs.NAME", or "" for the graph as a whole. */
  path: z.string(),
  nodeType: z.string().nullable(),
  message: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;

export const errorAnswerSchema = z.strictObject({
  error: z.strictObject({
    /** From the registry in errors.ts. */
    code: z.string(),
    message: z.string(),
    /** For a graph that can't be run: everything that is wrong with it. */
    problems: z.array(problemSchema).optional(),
  }),
});
export type ErrorAnswer = z.infer<typeof errorAnswerSchema>;
