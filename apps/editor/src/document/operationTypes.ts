import type {
  DocumentEdge,
  DocumentFrame,
  DocumentNode,
  DocumentReroute,
  GraphDocument,
  JsonObject,
  JsonValue,
  SeedControl,
  SubgraphDefinition,
} from "@patchbay/graph";

/** A point, or a size, in canvas units. */
export type Pair = [number, number];

/** What `setFrame` changes; what is left out stays, a null colour is taken away. */
export interface FramePatch {
  readonly title?: string;
  /** Left, top, width, height. */
  readonly bounds?: DocumentFrame["bounds"];
  readonly color?: string | null;
}

/** What `setReroute` changes; what is left out stays, a null parent is taken away. */
export interface ReroutePatch {
  readonly position?: Pair;
  readonly parent?: string | null;
}

/**
 * One change of a document. All are JSON through the graph codec (a property that is undefined equals one that is left out), and each has an
 * inverse. They are primitive: removing a node leaves its edges, an edge's ends need not exist (files may hold such edges, and undo must be able
 * to bring them back); what a user's gesture needs beyond that is put together in `graphEdits`.
 */
export type Operation =
  | { readonly kind: "addNode"; readonly id: string; readonly node: DocumentNode }
  | { readonly kind: "removeNode"; readonly id: string }
  | { readonly kind: "moveNodes"; readonly positions: Readonly<Record<string, Pair>> }
  | { readonly kind: "resizeNode"; readonly node: string; readonly size?: Pair | undefined }
  | { readonly kind: "setInput"; readonly node: string; readonly name: string; readonly value?: JsonValue | undefined }
  | { readonly kind: "setControl"; readonly node: string; readonly name: string; readonly control?: SeedControl | undefined }
  /** All controls at once: the inverse of a `setControl` on a node that had none. */
  | { readonly kind: "setControls"; readonly node: string; readonly controls?: Readonly<Record<string, SeedControl>> | undefined }
  | { readonly kind: "setTitle"; readonly node: string; readonly title?: string | undefined }
  | { readonly kind: "setMode"; readonly node: string; readonly mode?: DocumentNode["mode"] }
  | { readonly kind: "setFlag"; readonly node: string; readonly flag: string; readonly value?: JsonValue | undefined }
  /** All flags at once: the inverse of a `setFlag` on a node that had none. */
  | { readonly kind: "setFlags"; readonly node: string; readonly flags?: Readonly<JsonObject> | undefined }
  | { readonly kind: "setColor"; readonly node: string; readonly color?: string | undefined; readonly background?: string | undefined }
  /** All promoted inputs of a subgraph's instance, with their values. */
  | { readonly kind: "setPromoted"; readonly node: string; readonly promoted?: DocumentNode["promoted"] }
  | { readonly kind: "addEdge"; readonly id: string; readonly edge: DocumentEdge }
  | { readonly kind: "removeEdge"; readonly id: string }
  /** Gives an edge other ends or another way; it keeps its id. */
  | { readonly kind: "setEdge"; readonly id: string; readonly edge: DocumentEdge }
  | { readonly kind: "addFrame"; readonly id: string; readonly frame: DocumentFrame }
  | { readonly kind: "removeFrame"; readonly id: string }
  | { readonly kind: "setFrame"; readonly id: string; readonly patch: FramePatch }
  | { readonly kind: "addReroute"; readonly id: string; readonly reroute: DocumentReroute }
  | { readonly kind: "removeReroute"; readonly id: string }
  | { readonly kind: "setReroute"; readonly id: string; readonly patch: ReroutePatch }
  | { readonly kind: "addSubgraph"; readonly id: string; readonly subgraph: SubgraphDefinition }
  | { readonly kind: "removeSubgraph"; readonly id: string }
  | { readonly kind: "setSubgraph"; readonly id: string; readonly subgraph: SubgraphDefinition }
  | { readonly kind: "setGraphTitle"; readonly title?: string | undefined }
  /** Opens another graph. */
  | { readonly kind: "replaceDocument"; readonly document: GraphDocument };

export type OperationKind = Operation["kind"];
export type OperationOf<K extends OperationKind> = Extract<Operation, { kind: K }>;
