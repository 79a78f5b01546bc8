/**
 * The studio's WebSocket at /studio/socket. Text frames are JSON messages as below; binary frames are previews (`encodePreview`).
 * The server says `hello` first, then everything that happens to any job. A client that was away asks for what it missed of a job with
 * `resume`; `events` then come from the number it names on, without a gap, before any newer ones of that job.
 * A connection that does not read what it is sent is closed with 1013; it may come back and resume.
 */
import * as z from "zod";
import { workerStates } from "./http.js";
import { jobEventSchema, jobSchema } from "./job.js";

export const serverMessageSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("hello"),
    version: z.string(),
    /** New with each start of the server. */
    server: z.string(),
    worker: z.enum(workerStates),
    /** Grows with each change of the catalog. */
    catalog: z.number().int(),
    /** Jobs that have not ended, in the order in which they will run. */
    jobs: z.array(jobSchema),
  }),
  /** A job was accepted. Its events follow. */
  z.strictObject({ type: z.literal("job"), job: jobSchema }),
  /** Events `first`, `first + 1`, … of a job. */
  z.strictObject({ type: z.literal("events"), job: z.string(), first: z.number().int().positive(), events: z.array(jobEventSchema) }),
  /** `value` of `max` steps of a node are done. */
  z.strictObject({ type: z.literal("progress"), job: z.string(), node: z.string(), value: z.number(), max: z.number() }),
  /** There are other nodes or files than before: fetch the catalog again. */
  z.strictObject({ type: z.literal("catalog"), catalog: z.number().int() }),
  z.strictObject({ type: z.literal("worker"), state: z.enum(workerStates) }),
  /** A picture came into, or left, the gallery. */
  z.strictObject({ type: z.literal("results") }),
  /** What the client sent could not be understood, or a job it asked for is not there. */
  z.strictObject({ type: z.literal("error"), code: z.string(), message: z.string(), job: z.string().nullable() }),
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;

export const clientMessageSchema = z.discriminatedUnion("type", [
  /** Events of a job after number `after` (0: all of them). */
  z.strictObject({ type: z.literal("resume"), job: z.string().max(64), after: z.number().int().nonnegative() }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** What a preview is of, and its picture. */
export interface Preview {
  readonly job: string;
  readonly node: string;
  /** The step it shows, of how many. */
  readonly value: number;
  readonly max: number;
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

const previewHeaderSchema = z.strictObject({
  job: z.string(),
  node: z.string(),
  value: z.number(),
  max: z.number(),
  mediaType: z.enum(["image/png", "image/jpeg", "image/webp"]),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});

/** Bounds the header of a binary frame. */
const maxHeaderBytes = 4096;

/** A binary frame: uint32 big endian, the length of the header; the header as JSON in UTF-8; the picture's bytes. */
export function encodePreview({ bytes, ...header }: Preview): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const frame = new Uint8Array(4 + text.length + bytes.length);
  new DataView(frame.buffer).setUint32(0, text.length);
  frame.set(text, 4);
  frame.set(bytes, 4 + text.length);
  return frame;
}

/** Reads a binary frame; undefined when it is none. The picture's bytes are a view of the frame. */
export function decodePreview(frame: Uint8Array): Preview | undefined {
  if (frame.length < 4) return undefined;
  const length = new DataView(frame.buffer, frame.byteOffset).getUint32(0);
  if (length > maxHeaderBytes || 4 + length > frame.length) return undefined;
  try {
    const header = previewHeaderSchema.safeParse(
      JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(frame.subarray(4, 4 + length))),
    );
    return header.success ? { ...header.data, bytes: frame.subarray(4 + length) } : undefined;
  } catch {
    return undefined;
  }
}
