import { extname } from "node:path";
import { arithmeticSchema, runErrorSchema, savedFileSchema, type JobEvent, type JobFile, type WorkerEvent } from "@patchbay/protocol";

/** What a worker's event is for the job it belongs to: an event to record, something to show at once, or an end. */
export type RunEvent =
  | { readonly kind: "event"; readonly event: JobEvent }
  | { readonly kind: "progress"; readonly node: string; readonly value: number; readonly max: number }
  | { readonly kind: "preview"; readonly event: Extract<WorkerEvent, { type: "preview" }> }
  | { readonly kind: "end"; readonly to: "done" | "failed" | "cancelled"; readonly event: JobEvent };

const mediaTypes: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".gif": "image/gif",
};

/**
 * Reads an event of a worker process. A run of 100 000 nodes brings 200 000 of them, so the frequent ones are checked field by field here, with
 * no schema, and built anew from what was checked; those that bring files, errors or an arithmetic go through their schemas.
 * @throws TypeError for what is no event
 */
export function readRunEvent(event: WorkerEvent, attempt: number, at: number): RunEvent {
  switch (event.type) {
    case "nodeStarted":
      return { kind: "event", event: { type: "nodeStarted", node: text(event.node) } };
    case "nodeFinished": {
      const node = text(event.node);
      const files = list(event.files).map((file) => readFile(node, file));
      return { kind: "event", event: { type: "nodeFinished", node, cached: flag(event.cached), seconds: number(event.seconds), files } };
    }
    case "progress":
      return { kind: "progress", node: text(event.node), value: number(event.value), max: number(event.max) };
    case "preview":
      if (!(event.bytes instanceof Uint8Array)) throw new TypeError("a preview without bytes");
      return { kind: "preview", event };
    case "warning":
      return { kind: "event", event: { type: "warning", node: text(event.node), message: text(event.message) } };
    case "started": {
      const [nodes, arithmetic] = [list(event.nodes).map(({ node }) => text(node)), arithmeticSchema.parse(event.arithmetic)];
      return { kind: "event", event: { type: "started", at, attempt, nodes, arithmetic } };
    }
    case "result":
      return { kind: "end", to: "done", event: { type: "done", at, seconds: number(event.seconds) } };
    case "error":
      return { kind: "end", to: "failed", event: { type: "failed", at, error: runErrorSchema.parse(event.error) } };
    case "cancelled":
      return { kind: "end", to: "cancelled", event: { type: "cancelled", at } };
    default:
      throw new TypeError(`an event of the unknown type ${JSON.stringify((event as { type?: unknown }).type)}`);
  }
}

function readFile(node: string, given: unknown): JobFile {
  const { kind, filename, subfolder, type, hash, bytes, width = null, height = null } = savedFileSchema.parse(given);
  if (hash === undefined || !/^[0-9a-f]{64}$/.test(hash) || bytes === undefined) {
    throw new TypeError(`the file ${JSON.stringify(filename)} came without the hash of its bytes`);
  }
  const mediaType = mediaTypes[extname(filename).toLowerCase()] ?? "application/octet-stream";
  return { node, kind, filename, subfolder: subfolder.replaceAll("\\", "/"), type, hash, bytes, mediaType, width, height };
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`an event with ${typeof value} where a text belongs`);
  return value;
}

function number(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new TypeError("an event without a number where one belongs");
  return value;
}

function flag(value: unknown): boolean {
  if (typeof value !== "boolean") throw new TypeError(`an event with ${typeof value} where true or false belongs`);
  return value;
}

function list<T>(value: readonly T[]): readonly T[] {
  if (!Array.isArray(value)) throw new TypeError("an event without a list where one belongs");
  return value;
}
