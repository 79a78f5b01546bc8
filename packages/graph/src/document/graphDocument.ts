import * as z from "zod";
import type { JsonValue } from "../json/jsonValue.js";

/** Any JSON value, integers beyond 2^53 as BigInt. Not looked into: it comes from the JSON codec, which bounds it. */
const json = z.unknown() as unknown as z.ZodType<JsonValue>;
const jsonRecord = z.record(z.string(), json);
const id = z.string().min(1).max(256);
const name = z.string().max(1024);
const pair = z.tuple([z.number(), z.number()]);

/** What happens to a seed after a run. */
export const seedControls = ["fixed", "increment", "decrement", "randomize"] as const;
export type SeedControl = (typeof seedControls)[number];

const portSchema = z.record(z.string(), json);

/** What only ComfyUI's UI format needs, so that a workflow can be given back as it came. */
const comfyNode = z.strictObject({
  /** Input slots in their order, without `link`. */
  inputs: z.array(portSchema).optional(),
  /** Output slots in their order, without `links`. */
  outputs: z.array(portSchema).optional(),
  /** The widget values as the file had them; only on placeholders, whose schema is not known. */
  widgets_values: json.optional(),
  /** Widget values beyond those the schema knows. */
  trailing: z.array(json).optional(),
  /** The file held widget values by name, not by position. */
  byName: z.boolean().optional(),
  /** The file had no marker value after an upload combo. */
  noUploadMarker: z.boolean().optional(),
  /** Place in the file's node list, which is the drawing order. */
  index: z.number().optional(),
  /** Keys of the node that have no meaning here. */
  rest: jsonRecord.optional(),
  /** Keys of an API prompt's node, and of its `_meta`, that have no meaning here. */
  prompt: jsonRecord.optional(),
  meta: jsonRecord.optional(),
});

const node = z.strictObject({
  /** The catalog's name of the node (`class_type`), the id of a subgraph, or a virtual type. */
  type: z.string().min(1).max(1024),
  title: z.string().optional(),
  /** Top left corner, in canvas units. */
  position: pair,
  size: pair.optional(),
  /** Left out: runs as usual. `mute`: does not run, and what it feeds goes unfed. `bypass`: inputs pass through to outputs of their type. */
  mode: z.enum(["mute", "bypass"]).optional(),
  color: z.string().optional(),
  background: z.string().optional(),
  /** Collapsed, pinned and the like. */
  flags: jsonRecord.optional(),
  properties: jsonRecord.optional(),
  /** Values by input name. A linked input may keep the value it had. */
  inputs: jsonRecord,
  /** For inputs with such a control: what happens to the value after a run. */
  controls: z.record(z.string(), z.enum(seedControls)).optional(),
  /** On an instance of a subgraph: inner inputs shown on its card, with their value for this instance. */
  promoted: z.array(z.strictObject({ node: id, input: name, value: json.optional() })).optional(),
  comfy: comfyNode.optional(),
});

const edge = z.strictObject({
  /** A node's output by name. Where names repeat or are not known: "name#slot" or "#slot", counted from 0. */
  from: z.strictObject({ node: id, output: name }),
  to: z.strictObject({ node: id, input: name }),
  type: json.optional(),
  /** The reroute point nearest to the target, of those the edge is drawn through. */
  reroute: id.optional(),
  rest: jsonRecord.optional(),
});

const frame = z.strictObject({
  title: z.string(),
  /** Left, top, width, height. */
  bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  color: z.string().optional(),
  rest: jsonRecord.optional(),
});

const reroute = z.strictObject({
  position: pair,
  /** The reroute point before this one, towards the origin. */
  parent: id.optional(),
  rest: jsonRecord.optional(),
});

const graphParts = {
  nodes: z.record(id, node),
  edges: z.record(id, edge),
  frames: z.record(id, frame),
  reroutes: z.record(id, reroute),
};

const boundaryPort = z.strictObject({ name, type: z.string(), rest: jsonRecord.optional() });

/** Edges inside a subgraph reach its own ports as outputs of the node "$input" and inputs of the node "$output". */
const subgraph = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  category: z.string().optional(),
  inputs: z.array(boundaryPort),
  outputs: z.array(boundaryPort),
  ...graphParts,
  extra: jsonRecord.optional(),
  rest: jsonRecord.optional(),
});

export const documentVersion = 1;

export const graphDocumentSchema = z.strictObject({
  format: z.literal("patchbay"),
  version: z.literal(documentVersion),
  id: z.string().optional(),
  title: z.string().optional(),
  ...graphParts,
  /** Definitions of subgraphs; a node whose type is a definition's id is an instance of it. */
  subgraphs: z.record(id, subgraph),
  /** What others keep with the graph; not looked into. */
  extra: jsonRecord.optional(),
  /** Keys of a ComfyUI workflow that have no meaning here. */
  rest: jsonRecord.optional(),
});

/** Patchbay's own graph document. Notes and reroute nodes are nodes of virtual types; frames are the groups drawn behind nodes. */
export type GraphDocument = z.infer<typeof graphDocumentSchema>;
export type DocumentNode = z.infer<typeof node>;
export type DocumentEdge = z.infer<typeof edge>;
export type DocumentFrame = z.infer<typeof frame>;
export type DocumentReroute = z.infer<typeof reroute>;
export type SubgraphDefinition = z.infer<typeof subgraph>;
export type BoundaryPort = z.infer<typeof boundaryPort>;
/** What the document and each subgraph have in common. */
export type GraphParts = Pick<GraphDocument, "nodes" | "edges" | "frames" | "reroutes">;

/** The ids under which a subgraph's edges reach its own inputs and outputs. */
export const subgraphInputNode = "$input";
export const subgraphOutputNode = "$output";

/** A document with nothing in it. */
export function emptyDocument(): GraphDocument {
  return { format: "patchbay", version: documentVersion, nodes: {}, edges: {}, frames: {}, reroutes: {}, subgraphs: {} };
}

/** The JSON Schema (draft 2020-12) of a document, as published in schema/document.schema.json. */
export function documentJsonSchema(): Record<string, unknown> {
  return { title: "Patchbay graph document", ...z.toJSONSchema(graphDocumentSchema) };
}
