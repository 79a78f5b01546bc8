import { getOwn, nodeKind, setOwn } from "@patchbay/graph";
import type { Catalog, DocumentNode, GraphDocument, InputSchema, JsonValue, SeedControl, SubgraphDefinition } from "@patchbay/graph";
import { cardOf } from "../cardLayout.js";
import { edgesByNode } from "../edgesByNode.js";
import { narrow } from "../fieldValue.js";
import type { Operation } from "../operation.js";

/** A number from 0 up to but not 1. */
export type Random = () => number;

/**
 * Random seeds stay below 2^50, as those of ComfyUI's front end: every such number is exact in a double, so a seed keeps its value in any
 * program that reads the graph, 64-bit integers or not, and a random double has bits enough to reach each of them.
 */
export const largestRandomSeed = 2 ** 50;

/**
 * What the controls of seeds ask for once a run is queued: up or down by a step (at a bound it stays), another at random, or nothing. Inputs
 * that are linked, and nodes that are muted or bypassed, did not take part and keep theirs. Covers nodes within subgraphs.
 */
export function afterRunSeeds(document: GraphDocument, catalog: Catalog, random: Random = Math.random): Operation[] {
  const operations: Operation[] = [];
  for (const [id, node] of Object.entries(document.nodes)) {
    if (node.mode || (!node.controls && !node.promoted)) continue;
    const promoted = new Map<string, JsonValue>();
    for (const { key, schema, value, edge, control, promoted: inner } of cardOf(document, catalog, id).fields) {
      if (edge !== undefined || value === undefined || !control) continue;
      const next = nextValue(schema, value, control, random);
      if (next === value) continue;
      // A promoted input without a value of its own follows its inner node, which is dealt with below.
      if (!inner) operations.push({ kind: "setInput", node: id, name: key, value: next });
      else if (node.promoted?.some((entry) => entry.node === inner.node && entry.input === inner.input && hasValue(entry.value))) {
        promoted.set(JSON.stringify([inner.node, inner.input]), next);
      }
    }
    if (promoted.size > 0) operations.push({ kind: "setPromoted", node: id, promoted: withValues(node, promoted) });
  }
  for (const [id, subgraph] of Object.entries(document.subgraphs)) {
    const next = subgraphAfterRun(subgraph, document, catalog, random);
    if (next !== subgraph) operations.push({ kind: "setSubgraph", id, subgraph: next });
  }
  return operations;
}

function hasValue(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

function withValues({ promoted = [] }: DocumentNode, values: ReadonlyMap<string, JsonValue>): NonNullable<DocumentNode["promoted"]> {
  return promoted.map((entry) => {
    const value = values.get(JSON.stringify([entry.node, entry.input]));
    return value === undefined ? entry : { ...entry, value };
  });
}

function subgraphAfterRun(subgraph: SubgraphDefinition, document: GraphDocument, catalog: Catalog, random: Random): SubgraphDefinition {
  const { byTarget } = edgesByNode(subgraph);
  const changed: Record<string, DocumentNode> = {};
  for (const [id, node] of Object.entries(subgraph.nodes)) {
    if (node.mode) continue;
    for (const [name, control] of Object.entries(node.controls ?? {})) {
      const value = getOwn(node.inputs, name);
      if (value === undefined || byTarget.get(id)?.has(name)) continue;
      const schema = nodeKind(node.type, document, catalog).schema?.inputs.find((input) => input.name === name);
      const next = nextValue(schema, value, control, random);
      if (next === value) continue;
      const before = getOwn(changed, id) ?? node;
      setOwn(changed, id, { ...before, inputs: withValue(before.inputs, name, next) });
    }
  }
  return Object.keys(changed).length > 0 ? { ...subgraph, nodes: { ...subgraph.nodes, ...changed } } : subgraph;
}

function withValue(inputs: DocumentNode["inputs"], name: string, value: JsonValue): DocumentNode["inputs"] {
  const copy = { ...inputs };
  setOwn(copy, name, value);
  return copy;
}

function nextValue(schema: InputSchema | undefined, value: JsonValue, control: SeedControl, random: Random): JsonValue {
  if (control === "fixed") return value;
  if (schema?.kind === "combo") return nextOption(schema.options ?? [], value, control, random);
  if (typeof value !== "number" && typeof value !== "bigint") return value;
  if (control === "randomize") return randomSeed(schema, random);
  const step = schema?.step ?? 1;
  if (typeof value === "number" && (!Number.isInteger(value) || !Number.isInteger(Number(step)))) {
    const next = Number((value + (control === "increment" ? 1 : -1) * Number(step)).toPrecision(15));
    return Math.max(Number(schema?.min ?? -Infinity), Math.min(Number(schema?.max ?? Infinity), next));
  }
  const next = BigInt(value) + (control === "increment" ? 1n : -1n) * BigInt(step);
  if (schema?.max !== undefined && next > schema.max) return value;
  if (schema?.min !== undefined && next < schema.min) return value;
  return narrow(next);
}

function nextOption(options: readonly JsonValue[], value: JsonValue, control: SeedControl, random: Random): JsonValue {
  if (options.length === 0) return value;
  const at = options.indexOf(value);
  if (control === "randomize") return options[Math.min(options.length - 1, Math.floor(random() * options.length))] as JsonValue;
  const next = control === "increment" ? Math.min(options.length - 1, at + 1) : Math.max(0, at - 1);
  return options[next] as JsonValue;
}

/** A seed at random within an input's bounds and on its step, from 0 for an input nobody knows; at most `largestRandomSeed`. */
export function randomSeed(schema: InputSchema | undefined, random: Random = Math.random): number {
  const min = Math.max(-largestRandomSeed, Number(schema?.min ?? 0));
  const max = Math.min(largestRandomSeed, Number(schema?.max ?? largestRandomSeed));
  const step = Math.max(1, Math.round(Number(schema?.step ?? 1)));
  const steps = Math.max(0, Math.floor((max - min) / step));
  return min + Math.min(steps, Math.floor(random() * (steps + 1))) * step;
}
