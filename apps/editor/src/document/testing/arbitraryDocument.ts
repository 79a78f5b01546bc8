import { emptyDocument } from "@patchbay/graph";
import type {
  DocumentEdge,
  DocumentFrame,
  DocumentNode,
  DocumentReroute,
  GraphDocument,
  JsonValue,
  SubgraphDefinition,
} from "@patchbay/graph";
import fc from "fast-check";
import type { Operation, OperationKind, OperationOf, Pair } from "../operationTypes.js";

/** Documents hold plain objects only, so these make no others. */
const dictionary = <T>(
  key: fc.Arbitrary<string>,
  value: fc.Arbitrary<T>,
  options: { maxKeys?: number } = {},
): fc.Arbitrary<Record<string, T>> => fc.dictionary(key, value, { ...options, noNullPrototype: true });

function object<T extends object>(
  model: { [K in keyof T]: fc.Arbitrary<T[K]> },
  options: { requiredKeys?: readonly (keyof T)[] } = {},
): fc.Arbitrary<T> {
  return fc.record(model, { ...options, noNullPrototype: true } as object) as fc.Arbitrary<T>;
}

/** Ids of every form: ComfyUI's numbers, those of prompts, and names that plain objects trip over. */
const id = fc.constantFrom("1", "2", "3", "17", "57:23", "a", "constructor", "__proto__");
const name = fc.constantFrom("seed", "text", "model", "__proto__", "x.y");
const coordinate = fc.integer({ min: -5000, max: 5000 });
const pair: fc.Arbitrary<Pair> = fc.tuple(coordinate, coordinate);
const color = fc.constantFrom("#3f789e", "#335", "red");

/** A value of an input, 64-bit seeds included. */
export const jsonValue: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt({ min: 1n << 53n, max: (1n << 64n) - 1n }),
  fc.string({ maxLength: 8 }),
  fc.array(fc.integer(), { maxLength: 3 }),
  dictionary(name, fc.integer(), { maxKeys: 2 }),
);

/** An object whose keys may be missing, but for the required ones; typed for exact optional properties. */
function record<T extends object>(
  model: { [K in keyof T]-?: fc.Arbitrary<NonNullable<T[K]>> },
  requiredKeys: readonly (keyof T)[],
): fc.Arbitrary<T> {
  return object(model as { [K in keyof T]: fc.Arbitrary<T[K]> }, { requiredKeys });
}

const seedControl = fc.constantFrom("fixed" as const, "increment" as const, "decrement" as const, "randomize" as const);
const promoted = fc.array(object({ node: id, input: name, value: jsonValue }), { maxLength: 2 });
const flags = dictionary(fc.constantFrom("collapsed", "pinned"), fc.boolean());

const node = record<DocumentNode>(
  {
    type: fc.constantFrom("Sample", "Text", "Reroute", "s"),
    title: fc.string({ maxLength: 6 }),
    position: pair,
    size: pair,
    mode: fc.constantFrom("mute" as const, "bypass" as const),
    color,
    background: color,
    flags,
    properties: dictionary(name, fc.integer(), { maxKeys: 2 }),
    inputs: dictionary(name, jsonValue, { maxKeys: 3 }),
    controls: dictionary(name, seedControl, { maxKeys: 2 }),
    promoted,
    comfy: fc.constant({ index: 3 }),
  },
  ["type", "position", "inputs"],
);

const edge = record<DocumentEdge>(
  {
    from: object({ node: id, output: name }),
    to: object({ node: id, input: name }),
    type: fc.constantFrom("IMAGE", 7),
    reroute: id,
    rest: fc.constant({ a: 1 }),
  },
  ["from", "to"],
);

const bounds = fc.tuple(coordinate, coordinate, coordinate, coordinate);
const frame = record<DocumentFrame>({ title: fc.string({ maxLength: 5 }), bounds, color, rest: fc.constant({ id: 4 }) }, [
  "title",
  "bounds",
]);
const reroute = record<DocumentReroute>({ position: pair, parent: id, rest: fc.constant({ floating: true }) }, ["position"]);
const parts = {
  nodes: dictionary(id, node),
  edges: dictionary(id, edge),
  frames: dictionary(id, frame),
  reroutes: dictionary(id, reroute),
};
const subgraph = object({
  name: fc.string({ maxLength: 5 }),
  inputs: fc.constant([]),
  outputs: fc.constant([]),
  ...parts,
}) as fc.Arbitrary<SubgraphDefinition>;

/** Any document that is valid in structure; what its nodes and edges name need not exist. */
export const arbitraryDocument: fc.Arbitrary<GraphDocument> = fc
  .record({
    ...parts,
    subgraphs: dictionary(fc.constantFrom("s", "t"), subgraph, { maxKeys: 1 }),
    title: fc.option(fc.string(), { nil: undefined }),
  })
  .map(({ title, ...rest }) => ({ ...emptyDocument(), ...rest, ...(title === undefined ? {} : { title }) }));

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });

type Bodies = { readonly [K in OperationKind]: (document: GraphDocument) => fc.Arbitrary<Omit<OperationOf<K>, "kind">> | undefined };

const pick = (record: object): fc.Arbitrary<string> | undefined => {
  const keys = Object.keys(record);
  return keys.length > 0 ? fc.constantFrom(...keys) : undefined;
};

/** What adds something, under an id that is free; undefined when none of a few is. */
function adding<T extends object>(
  record: object,
  model: { [K in keyof T]: fc.Arbitrary<T[K]> },
): fc.Arbitrary<T & { id: string }> | undefined {
  const free = ["101", "b:1", "hasOwnProperty", "__proto__"].filter((key) => !Object.hasOwn(record, key));
  return free.length > 0 ? (object({ id: fc.constantFrom(...free), ...model }) as unknown as fc.Arbitrary<T & { id: string }>) : undefined;
}

/** Operations of one kind on a part picked by id, if the document has such a part. */
function on<T extends object>(record: object, key: string, model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<never> | undefined {
  const ids = pick(record);
  return ids && (object({ [key]: ids, ...model }) as unknown as fc.Arbitrary<never>);
}

const bodies: Bodies = {
  addNode: ({ nodes }) => adding(nodes, { node }),
  removeNode: ({ nodes }) => on(nodes, "id", {}),
  moveNodes: ({ nodes }) =>
    fc
      .subarray(Object.keys(nodes))
      .chain((ids) =>
        fc.tuple(...ids.map(() => pair)).map((pairs) => ({ positions: Object.fromEntries(ids.map((id, i) => [id, pairs[i] as Pair])) })),
      ),
  resizeNode: ({ nodes }) => on(nodes, "node", { size: optional(pair) }),
  setInput: ({ nodes }) => on(nodes, "node", { name, value: optional(jsonValue) }),
  setControl: ({ nodes }) => on(nodes, "node", { name, control: optional(seedControl) }),
  setControls: ({ nodes }) => on(nodes, "node", { controls: optional(dictionary(name, seedControl)) }),
  setTitle: ({ nodes }) => on(nodes, "node", { title: optional(fc.string({ maxLength: 4 })) }),
  setMode: ({ nodes }) => on(nodes, "node", { mode: fc.constantFrom(undefined, "mute", "bypass") }),
  setFlag: ({ nodes }) => on(nodes, "node", { flag: fc.constantFrom("collapsed", "pinned", "__proto__"), value: optional(fc.boolean()) }),
  setFlags: ({ nodes }) => on(nodes, "node", { flags: optional(flags) }),
  setColor: ({ nodes }) => on(nodes, "node", { color: optional(color), background: optional(color) }),
  setPromoted: ({ nodes }) => on(nodes, "node", { promoted: optional(promoted) }),
  addEdge: ({ edges }) => adding(edges, { edge }),
  removeEdge: ({ edges }) => on(edges, "id", {}),
  setEdge: ({ edges }) => on(edges, "id", { edge }),
  addFrame: ({ frames }) => adding(frames, { frame }),
  removeFrame: ({ frames }) => on(frames, "id", {}),
  setFrame: ({ frames }) =>
    on(frames, "id", { patch: object({ title: fc.string({ maxLength: 4 }), bounds, color: orNull(color) }, { requiredKeys: [] }) }),
  addReroute: ({ reroutes }) => adding(reroutes, { reroute }),
  removeReroute: ({ reroutes }) => on(reroutes, "id", {}),
  setReroute: ({ reroutes }) => on(reroutes, "id", { patch: object({ position: pair, parent: orNull(id) }, { requiredKeys: [] }) }),
  addSubgraph: ({ subgraphs }) => adding(subgraphs, { subgraph }),
  removeSubgraph: ({ subgraphs }) => on(subgraphs, "id", {}),
  setSubgraph: ({ subgraphs }) => on(subgraphs, "id", { subgraph }),
  setGraphTitle: () => object({ title: optional(fc.string({ maxLength: 4 })) }),
  replaceDocument: () => object({ document: arbitraryDocument }),
};

export const operationKinds = Object.keys(bodies) as OperationKind[];

/** Any operation of a kind that fits the document; undefined when the document has nothing for it to act on. */
export function arbitraryOperation(kind: OperationKind, document: GraphDocument): fc.Arbitrary<Operation> | undefined {
  return bodies[kind](document)?.map((body) => ({ kind, ...body }) as Operation);
}
