import type { DocumentEdge, DocumentNode, GraphDocument } from "../document/graphDocument.js";
import { nodeKind, outputNames, outputSlotFinder, portKeys, slotOfKey, storedNames } from "../document/ports.js";
import type { NodeKind, SlotFinder } from "../document/ports.js";
import { getOwn } from "../json/jsonValue.js";
import type { JsonValue } from "../json/jsonValue.js";
import type { Catalog } from "../schema/nodeInfo.js";
import { isAnyType, typeMembers, typesMatch } from "../schema/typesMatch.js";
import { isVirtualType, virtualValueInput } from "../schema/virtualNodes.js";
import { edgeToOutput, isFromBoundary } from "./expandSubgraphs.js";
import type { Scope } from "./expandSubgraphs.js";

/** Where a link comes from in the end: an output of a node that runs, a value, or nothing. */
export type Source =
  | { readonly kind: "output"; readonly id: string; readonly slot: number }
  | { readonly kind: "value"; readonly value: JsonValue }
  | { readonly kind: "none" };

const none: Source = { kind: "none" };

/** Follows links through what exists only in graph files: reroutes, primitives, bypassed nodes, borders of subgraphs. */
export class LinkResolver {
  private readonly known = new Map<Scope, Map<string, Source>>();
  private readonly ports = new Map<DocumentNode, NodePorts>();
  private readonly document: GraphDocument;
  private readonly catalog: Catalog;

  constructor(document: GraphDocument, catalog: Catalog) {
    this.document = document;
    this.catalog = catalog;
  }

  /** Where the edge, which stands in `scope`, comes from. `wanted` is the type of the input it feeds, which bypassed nodes go by. */
  resolve(scope: Scope, edge: DocumentEdge, wanted: string): Source {
    const passed: [Scope, string][] = [];
    let at: { scope: Scope; edge: DocumentEdge } | Source = { scope, edge };
    const seen = new Set<string>();
    while (!("kind" in at)) {
      const key: string = JSON.stringify([at.edge.from.node, at.edge.from.output, wanted]);
      const found: Source | undefined = this.known.get(at.scope)?.get(key);
      const mark: string = at.scope.prefix + key;
      if (found) at = found;
      else if (seen.has(mark)) at = none;
      else {
        seen.add(mark);
        passed.push([at.scope, key]);
        at = this.step(at.scope, at.edge, wanted);
      }
    }
    for (const [passedScope, key] of passed) {
      let sources = this.known.get(passedScope);
      if (!sources) this.known.set(passedScope, (sources = new Map()));
      sources.set(key, at);
    }
    return at;
  }

  private step(scope: Scope, edge: DocumentEdge, wanted: string): { scope: Scope; edge: DocumentEdge } | Source {
    if (isFromBoundary(edge)) {
      const { parent, instanceId, instance } = scope;
      if (!parent || instanceId === undefined || !instance) return none;
      const outer = parent.incoming.get(instanceId)?.get(edge.from.output);
      if (outer) return { scope: parent, edge: outer };
      const value = getOwn(instance.inputs, edge.from.output);
      return value === undefined || value === null ? none : { kind: "value", value };
    }
    const { node: id, output } = edge.from;
    const node = getOwn(scope.part.nodes, id);
    if (!node) return { kind: "output", id: scope.prefix + id, slot: slotOfKey(output, []) ?? 0 };
    if (isVirtualType(node.type)) {
      if (node.type === "Reroute") return this.follow(scope, scope.incoming.get(id)?.values().next().value);
      const name = virtualValueInput(node.type);
      const value = name === undefined ? undefined : getOwn(node.inputs, name);
      return value === undefined ? none : { kind: "value", value };
    }
    if (node.mode === "mute") return none;
    const kind = nodeKind(node.type, this.document, this.catalog);
    if (node.mode === "bypass") return this.follow(scope, this.passThrough(scope, id, node, kind, output, wanted));
    const child = scope.children.get(id);
    if (child) {
      const inner = edgeToOutput(child, output) ?? this.outputBySlot(child, node, kind, output);
      return inner ? { scope: child, edge: inner } : none;
    }
    const slot = this.portsOf(node, kind).outputSlot(output);
    // An output nobody knows keeps an impossible slot, so that validation names it.
    return { kind: "output", id: scope.prefix + id, slot: slot ?? -1 };
  }

  private follow(scope: Scope, edge: DocumentEdge | undefined): { scope: Scope; edge: DocumentEdge } | Source {
    return edge ? { scope, edge } : none;
  }

  private outputBySlot(child: Scope, instance: DocumentNode, kind: NodeKind, output: string): DocumentEdge | undefined {
    const { outputSlot, outputKeys } = this.portsOf(instance, kind);
    const slot = outputSlot(output);
    const key = slot === undefined ? undefined : outputKeys[slot];
    return key === undefined ? undefined : edgeToOutput(child, key);
  }

  /** A bypassed node passes on the input at the output's own slot if its type is the wanted one, else its first input of that type. */
  private passThrough(
    scope: Scope,
    id: string,
    node: DocumentNode,
    kind: NodeKind,
    output: string,
    wanted: string,
  ): DocumentEdge | undefined {
    const { inputs, outputSlot, firstOf } = this.portsOf(node, kind);
    const slot = outputSlot(output);
    const outputType =
      slot === undefined
        ? undefined
        : (kind.schema?.outputs[slot]?.type ?? kind.subgraph?.outputs[slot]?.type ?? portType(node.comfy?.outputs?.[slot]));
    const type = wanted === "*" && outputType !== undefined ? outputType : wanted;
    const own = slot === undefined ? undefined : inputs[slot];
    const fitting = own?.type === type ? own : (firstOf.exact(type) ?? (own && typesMatch(own.type, type) ? own : firstOf.matching(type)));
    return fitting && scope.incoming.get(id)?.get(fitting.key);
  }

  /** The type of a node's input, as far as it is known. */
  inputType(node: DocumentNode, kind: NodeKind, key: string): string {
    const stored = this.portsOf(node, kind).inputTypes.get(key);
    return stored ?? kind.schema?.inputs.find((input) => input.name === key)?.type ?? "*";
  }

  private portsOf(node: DocumentNode, kind: NodeKind): NodePorts {
    let ports = this.ports.get(node);
    if (!ports) {
      const inputs = inputSlots(node, kind);
      ports = {
        inputs,
        inputTypes: new Map(inputs.map(({ key, type }) => [key, type])),
        outputSlot: outputSlotFinder(node, kind),
        outputKeys: portKeys(outputNames(node, kind)),
        firstOf: firstByType(inputs),
      };
      this.ports.set(node, ports);
    }
    return ports;
  }
}

interface InputSlot {
  readonly key: string;
  readonly type: string;
}

/** A node's ports, indexed once: graphs may have nodes with very many. */
interface NodePorts {
  readonly inputs: readonly InputSlot[];
  readonly inputTypes: ReadonlyMap<string, string>;
  readonly outputSlot: SlotFinder;
  readonly outputKeys: readonly string[];
  readonly firstOf: InputsByType;
}

interface InputsByType {
  /** The first input of exactly this type. */
  readonly exact: (type: string) => InputSlot | undefined;
  /** The first input whose type `typesMatch` this one. */
  readonly matching: (type: string) => InputSlot | undefined;
}

function firstByType(inputs: readonly InputSlot[]): InputsByType {
  const whole = new Map<string, InputSlot>();
  const members = new Map<string, number>();
  let firstAny = Number.POSITIVE_INFINITY;
  for (const [i, input] of inputs.entries()) {
    if (!whole.has(input.type)) whole.set(input.type, input);
    for (const member of typeMembers(input.type)) {
      if (isAnyType(member)) firstAny = Math.min(firstAny, i);
      else if (!members.has(member)) members.set(member, i);
    }
  }
  return {
    exact: (type) => whole.get(type),
    matching: (type) => {
      const wanted = typeMembers(type);
      if (wanted.some(isAnyType)) return inputs[0];
      return inputs[Math.min(firstAny, ...wanted.slice(0, 1000).map((member) => members.get(member) ?? Number.POSITIVE_INFINITY))];
    },
  };
}

/** A node's input slots in order: as the file had them, else as its interface states them. */
export function inputSlots(node: DocumentNode, kind: NodeKind): InputSlot[] {
  const stored = node.comfy?.inputs;
  if (stored) {
    const keys = portKeys(storedNames(stored));
    return stored.map((port, i) => ({ key: keys[i] as string, type: portType(port) ?? "*" }));
  }
  if (kind.subgraph) {
    const keys = portKeys(kind.subgraph.inputs.map((port) => port.name));
    return kind.subgraph.inputs.map((port, i) => ({ key: keys[i] as string, type: port.type }));
  }
  const inputs = kind.schema?.inputs ?? [];
  // Sockets first, as the front end draws them; widgets have sockets too.
  return [...inputs.filter((input) => input.kind === "link"), ...inputs.filter((input) => input.kind !== "link")].map(({ name, type }) => ({
    key: name,
    type,
  }));
}

function portType(port: Record<string, JsonValue> | undefined): string | undefined {
  const type = port?.["type"];
  return typeof type === "string" ? type : Array.isArray(type) ? "COMBO" : undefined;
}
