import * as z from "zod";
import { arithmeticSchema } from "./arithmetic.js";
import { runErrorSchema } from "./runError.js";

/**
 * What a job can be. `queued`: stored, waits for a worker (again, after a worker died). `running`: a worker has it. `cancelling`: it was asked
 * to stop and has not yet. The others are final; `quarantined` means that it ended two workers and is not tried again.
 */
export const jobStates = ["queued", "running", "cancelling", "done", "failed", "cancelled", "quarantined"] as const;
export type JobState = (typeof jobStates)[number];

/** Whether nothing more will happen to a job. */
export function isFinal(state: JobState): boolean {
  return state === "done" || state === "failed" || state === "cancelled" || state === "quarantined";
}

/** A file that a job wrote: a named file, and its content under its hash. */
export const jobFileSchema = z.strictObject({
  node: z.string(),
  kind: z.enum(["images", "latents"]),
  filename: z.string(),
  /** Within the folder of `type`, "" at its top; always with forward slashes. */
  subfolder: z.string(),
  type: z.enum(["output", "temp"]),
  /** SHA-256 of its bytes, in hex: its place under /studio/blobs/. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().nonnegative(),
  mediaType: z.string(),
  /** Of pictures, in pixels. */
  width: z.number().int().positive().nullable(),
  height: z.number().int().positive().nullable(),
});
export type JobFile = z.infer<typeof jobFileSchema>;

/** A job as lists show it. */
export const jobSchema = z.strictObject({
  id: z.string(),
  /** Grows by one with each job accepted here. */
  number: z.number().int(),
  title: z.string(),
  state: z.enum(jobStates),
  /** How often a worker has begun it. */
  attempt: z.number().int().nonnegative(),
  /** Milliseconds since 1970, for people to read; null while it has not happened. */
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  error: runErrorSchema.nullable(),
  /** What its last attempt is, or was, computed with; null until a worker has said so. */
  arithmetic: arithmeticSchema.nullable(),
  /** The sequence number of its last event. */
  lastEvent: z.number().int().nonnegative(),
  files: z.array(jobFileSchema),
});
export type Job = z.infer<typeof jobSchema>;

/**
 * What happened to a job. Events of one job are numbered 1, 2, 3 …; none is ever skipped, and they can be asked for again. Progress and
 * previews are no events: what is lost of them, the next ones make good.
 */
export const jobEventSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("queued"), at: z.number() }),
  /** After a worker died, it begins anew with a higher attempt. */
  z.strictObject({
    type: z.literal("started"),
    at: z.number(),
    attempt: z.number().int(),
    /** Every node that belongs to the run, in the order of the plan. */
    nodes: z.array(z.string()),
    /** What it is computed with; events that were stored before there was a choice lack it. */
    arithmetic: arithmeticSchema.optional(),
  }),
  z.strictObject({ type: z.literal("nodeStarted"), node: z.string() }),
  z.strictObject({
    type: z.literal("nodeFinished"),
    node: z.string(),
    /** Its result was known from a run before. */
    cached: z.boolean(),
    seconds: z.number(),
    files: z.array(jobFileSchema),
  }),
  /** Something that isn't as one may expect, but no error. */
  z.strictObject({ type: z.literal("warning"), node: z.string(), message: z.string() }),
  /** The worker is gone; the job waits to be run again. */
  z.strictObject({ type: z.literal("requeued"), at: z.number(), reason: z.string() }),
  z.strictObject({ type: z.literal("cancelling"), at: z.number() }),
  z.strictObject({ type: z.literal("done"), at: z.number(), seconds: z.number() }),
  z.strictObject({ type: z.literal("failed"), at: z.number(), error: runErrorSchema }),
  z.strictObject({ type: z.literal("cancelled"), at: z.number() }),
  z.strictObject({ type: z.literal("quarantined"), at: z.number(), error: runErrorSchema }),
]);
export type JobEvent = z.infer<typeof jobEventSchema>;
