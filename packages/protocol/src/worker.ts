import type { Catalog, JsonValue, Prompt } from "@patchbay/graph";
import * as z from "zod";
import { arithmeticSchema, precisionSchema } from "./arithmetic.js";
import { problemSchema } from "./http.js";
import { runErrorSchema } from "./runError.js";

/**
 * What a worker process is started with: the one argument of its program, as JSON. `child_process.fork(entry, [JSON.stringify(settings)],
 * { serialization: "advanced" })`; all folders are absolute.
 */
export const workerSettingsSchema = z.strictObject({
  inputDir: z.string().min(1),
  outputDir: z.string().min(1),
  tempDir: z.string().min(1),
  /** Files that runs write lie here too, as ab/HASH, where ab are the first two digits of the hash. */
  blobDir: z.string().min(1),
  /** Models folders in ComfyUI's layout. */
  modelRoots: z.array(z.string().min(1)),
  /** Files as ComfyUI's extra_model_paths.yaml. */
  extraModelPaths: z.array(z.string().min(1)).optional(),
  /** Threads of the engine; as many as there are cores unless given. */
  threads: z.number().int().min(1).max(256).optional(),
  /** Instruction set of the engine: the best one unless given. */
  isa: z.string().optional(),
  /** Bytes of results and models that are kept between runs; half of what the machine has left unless given. */
  memory: z.number().int().nonnegative().optional(),
});
export type WorkerSettings = z.infer<typeof workerSettingsSchema>;

/** A prompt or workflow: bounded and checked by packages/graph before it comes here, and passed on as it is. */
const prompt = z.custom<Prompt>((value) => typeof value === "object" && value !== null && !Array.isArray(value));
const json = z.unknown() as unknown as z.ZodType<JsonValue>;

/** What a worker is asked. */
export const workerRequestSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("run"),
    run: z.string().min(1),
    prompt,
    /** Saved files carry it; null when there is none. */
    workflow: json.nullable(),
    /** Output nodes to run; null for all. */
    targets: z.array(z.string()).nullable(),
    /** Whether saved files carry the graph that made them. */
    metadata: z.boolean(),
    /** Bytes the run may hold; null for no bound. */
    memoryLimit: z.number().positive().nullable(),
    /** What it may be computed with; `started` says what it is. */
    precision: precisionSchema,
  }),
  z.strictObject({ type: z.literal("cancel"), run: z.string().min(1) }),
  /** Look at the model and input folders now, and answer with `catalog`, changed or not. */
  z.strictObject({ type: z.literal("refresh") }),
  /** Check a prompt, its files included; answered by `checked` with the same `check`. */
  z.strictObject({ type: z.literal("check"), check: z.string().min(1), prompt }),
  /** End when the run in progress, if any, is over. */
  z.strictObject({ type: z.literal("close") }),
]);

export type WorkerRequest = z.infer<typeof workerRequestSchema>;
export type RunRequest = Extract<WorkerRequest, { type: "run" }>;

/** A file that a run wrote. */
export const savedFileSchema = z.strictObject({
  kind: z.enum(["images", "latents"]),
  filename: z.string(),
  subfolder: z.string(),
  type: z.enum(["output", "temp"]),
  path: z.string(),
  /** SHA-256 of its bytes in hex, and their number, once it lies in the blob store. */
  hash: z.string().optional(),
  bytes: z.number().int().nonnegative().optional(),
  /** Of pictures, in pixels. */
  width: z.number().int().positive().optional(),
  height: z.number().int().positive().optional(),
});

const node = { run: z.string().min(1), node: z.string() };

/**
 * What a worker tells of a run, in this order: started, the nodes' events, and one of result, error and cancelled (an error alone where the
 * prompt can't be planned). A node whose result is known, or not needed as all that needs it is known, has only a nodeFinished that says cached.
 * The nodeFinished of a node that wrote files comes when they are in the blob store, which may be after following nodes have started.
 */
export const workerEventSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("started"),
    run: z.string().min(1),
    /** Every node that belongs to the run, in the order of the plan. */
    nodes: z.array(z.strictObject({ node: z.string(), nodeType: z.string() })),
    /** What all of it is computed with; results of other arithmetic are not taken from runs before. */
    arithmetic: arithmeticSchema,
  }),
  z.strictObject({ type: z.literal("nodeStarted"), ...node, nodeType: z.string() }),
  z.strictObject({ type: z.literal("progress"), ...node, value: z.number(), max: z.number() }),
  /** An encoded picture of what is being sampled. */
  z.strictObject({
    type: z.literal("preview"),
    ...node,
    value: z.number(),
    max: z.number(),
    mediaType: z.string(),
    width: z.number().int().positive(),
    height: z.number().int().positive(),
    bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  }),
  z.strictObject({ type: z.literal("warning"), ...node, message: z.string() }),
  z.strictObject({
    type: z.literal("nodeFinished"),
    ...node,
    nodeType: z.string(),
    /** Its result was known from a run before. */
    cached: z.boolean(),
    seconds: z.number(),
    files: z.array(savedFileSchema),
  }),
  z.strictObject({
    type: z.literal("result"),
    run: z.string().min(1),
    seconds: z.number(),
    /** Files by the node that wrote them. */
    files: z.record(z.string(), z.array(savedFileSchema)),
  }),
  z.strictObject({ type: z.literal("error"), run: z.string().min(1), error: runErrorSchema }),
  z.strictObject({ type: z.literal("cancelled"), run: z.string().min(1) }),
]);

export type WorkerEvent = z.infer<typeof workerEventSchema>;

/**
 * What a worker process sends to the server: `ready` once, with its catalog; events of its runs, in their order and in batches; and the catalog
 * again whenever files come or go. Files in events of a worker process lie in the blob store already: `hash` names them.
 */
export const workerMessageSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("ready"),
    /** As /object_info; combos that list files left open. */
    interfaces: z.custom<Catalog>((value) => typeof value === "object" && value !== null),
    /** The same with the files that combos list now. */
    catalog: z.custom<Catalog>((value) => typeof value === "object" && value !== null),
  }),
  z.strictObject({ type: z.literal("catalog"), catalog: z.custom<Catalog>((value) => typeof value === "object" && value !== null) }),
  z.strictObject({ type: z.literal("checked"), check: z.string(), problems: z.array(problemSchema) }),
  z.strictObject({ type: z.literal("events"), events: z.array(workerEventSchema) }),
  /** The worker cannot go on: it ends by itself after this. */
  z.strictObject({ type: z.literal("fatal"), error: runErrorSchema }),
]);
export type WorkerMessage = z.infer<typeof workerMessageSchema>;
