import { subgraphInputNode, subgraphOutputNode } from "../document/graphDocument.js";
import type { BoundaryPort, DocumentEdge, DocumentNode, GraphDocument, GraphParts, SubgraphDefinition } from "../document/graphDocument.js";
import { nodeKind, outputSlotFinder, portKeys, slotFinder, storedNames } from "../document/ports.js";
import type { NodeKind, SlotFinder } from "../document/ports.js";
import { GraphError } from "../graphError.js";
import { getOwn, isJsonObject } from "../json/jsonValue.js";
import type { JsonObject, JsonValue } from "../json/jsonValue.js";
import { defaultLimits } from "../limits.js";
import type { GraphLimits } from "../limits.js";
import type { Catalog } from "../schema/nodeInfo.js";
import { idText } from "./readFields.js";
import { isWidget } from "./widgetValues.js";
import { inputSlotsOf, outputSlotsOf, workflowId, writeWorkflowNode } from "./writeWorkflowNode.js";

/** Ids under which links inside a subgraph reach its inputs and outputs. */
const inputNodeId = -10;
const outputNodeId = -20;

/**
 * The document as a ComfyUI UI workflow of format 0.4 (subgraph definitions in format 1, as ComfyUI keeps them): the inverse of
 * `fromWorkflow`. The catalog gives the order of widget values and slots. What `fromWorkflow` kept of a file is given back as it was;
 * definitions that were nested in others come back at the top level, where ComfyUI itself writes them. An edge from or to a node that does
 * not exist is left out. Throws GraphError: GRAPH_TOO_LARGE when edges name slots beyond the limits.
 */
export function toWorkflow(document: GraphDocument, catalog: Catalog, limits: GraphLimits = defaultLimits): JsonObject {
  const writer = new Writer(document, catalog, limits);
  const rest = document.rest ?? {};
  const graph = writer.part(document, rest["last_node_id"], rest["last_link_id"]);
  const { reroutes, links } = graph;
  const extensions = links.flatMap(({ id, reroute }) => (reroute === undefined ? [] : [{ id, parentId: workflowId(reroute) }]));
  const subgraphs = Object.entries(document.subgraphs).map(([id, definition]) => writer.definition(id, definition));
  return {
    ...(document.id === undefined ? {} : { id: document.id }),
    ...(isFromWorkflow(document) ? {} : { revision: 0 }),
    ...rest,
    last_node_id: graph.lastNodeId,
    last_link_id: graph.lastLinkId,
    nodes: graph.nodes,
    links: links.map(({ id, origin, originSlot, target, targetSlot, type }) => [id, origin, originSlot, target, targetSlot, type]),
    groups: graph.groups,
    ...(subgraphs.length > 0 ? { definitions: { subgraphs } } : {}),
    config: rest["config"] ?? {},
    extra: {
      ...document.extra,
      ...(reroutes.length > 0 ? { reroutes } : {}),
      ...(extensions.length > 0 ? { linkExtensions: extensions } : {}),
    },
    version: 0.4,
  };
}

function isFromWorkflow(document: GraphDocument): boolean {
  return document.rest?.["last_node_id"] !== undefined;
}

interface WrittenLink {
  readonly id: number;
  readonly origin: string | number;
  readonly originSlot: number;
  readonly target: string | number;
  readonly targetSlot: number;
  readonly type: JsonValue;
  readonly reroute: string | undefined;
  readonly rest: JsonObject | undefined;
}

interface WrittenPart {
  readonly nodes: JsonObject[];
  readonly links: WrittenLink[];
  readonly groups: JsonObject[];
  readonly reroutes: JsonObject[];
  readonly lastNodeId: number;
  readonly lastLinkId: number;
}

interface Slots {
  readonly node: DocumentNode;
  readonly kind: NodeKind;
  readonly inputs: JsonObject[];
  readonly inputKeys: Map<string, number>;
  readonly outputSlot: SlotFinder;
  readonly outputs: JsonObject[];
}

class Writer {
  /** Slots that edges named beyond those a node is known to have. */
  private added = 0;
  /** For the ports of subgraphs. */
  private readonly finders = new Map<readonly BoundaryPort[], SlotFinder>();
  private readonly document: GraphDocument;
  private readonly catalog: Catalog;
  private readonly limits: GraphLimits;

  constructor(document: GraphDocument, catalog: Catalog, limits: GraphLimits) {
    this.document = document;
    this.catalog = catalog;
    this.limits = limits;
  }

  part(
    part: GraphParts & Partial<Pick<SubgraphDefinition, "inputs" | "outputs">>,
    lastNode?: JsonValue,
    lastLink?: JsonValue,
  ): WrittenPart {
    const slots = this.slots(part);
    const links: WrittenLink[] = [];
    let lastLinkId = highest(Object.keys(part.edges), lastLink);
    for (const [key, edge] of Object.entries(part.edges)) {
      const from = this.origin(edge, slots, part.inputs);
      const to = from && this.target(edge, slots, part.outputs);
      if (!from || !to) continue;
      const given = workflowId(key);
      const id = typeof given === "number" && given >= 0 ? given : ++lastLinkId;
      const type = edge.type ?? from.type ?? to.type ?? "*";
      if (to.slot) to.slot["link"] = id;
      if (from.slot) (from.slot["links"] as JsonValue[]).push(id);
      const { reroute, rest } = edge;
      links.push({ id, origin: from.node, originSlot: from.index, target: to.node, targetSlot: to.index, type, reroute, rest });
    }
    const orders = executionOrder(part);
    const ids = Object.keys(part.nodes);
    const place = (id: string): number => getOwn(part.nodes, id)?.comfy?.index ?? Number.MAX_SAFE_INTEGER;
    ids.sort((a, b) => place(a) - place(b));
    return {
      nodes: ids.map((id) => {
        const { node, kind, ...own } = slots.get(id) as Slots;
        return writeWorkflowNode(id, node, kind, own, orders.get(id) ?? 0);
      }),
      links,
      groups: Object.values(part.frames).map(({ title, bounds, color, rest }, i) => ({
        ...(rest ?? (isFromWorkflow(this.document) ? {} : { id: i + 1 })),
        title,
        bounding: [...bounds],
        ...(color === undefined ? {} : { color }),
      })),
      reroutes: reroutesOf(part, links, this.limits),
      lastNodeId: highest(ids, lastNode),
      lastLinkId,
    };
  }

  definition(id: string, definition: SubgraphDefinition): JsonObject {
    const { name, description, category, inputs, outputs, extra, rest } = definition;
    const state = isJsonObject(rest?.["state"]) ? rest["state"] : {};
    const graph = this.part(definition, state["lastNodeId"], state["lastLinkId"]);
    const inputLinks: number[][] = inputs.map(() => []);
    const outputLinks: number[][] = outputs.map(() => []);
    for (const link of graph.links) {
      if (link.origin === inputNodeId) inputLinks[link.originSlot]?.push(link.id);
      if (link.target === outputNodeId) outputLinks[link.targetSlot]?.push(link.id);
    }
    const groupIds = graph.groups.map((group) => idText(group["id"]) ?? "");
    return {
      id,
      revision: 0,
      config: {},
      inputNode: { id: inputNodeId, bounding: [-240, 0, 120, 40 + 20 * inputs.length] },
      outputNode: { id: outputNodeId, bounding: [960, 0, 120, 40 + 20 * outputs.length] },
      widgets: [],
      ...rest,
      version: rest?.["version"] ?? 1,
      state: {
        ...state,
        lastGroupId: highest(groupIds, state["lastGroupId"]),
        lastNodeId: graph.lastNodeId,
        lastLinkId: graph.lastLinkId,
        lastRerouteId: highest(Object.keys(definition.reroutes), state["lastRerouteId"]),
      },
      name,
      ...(description === undefined ? {} : { description }),
      ...(category === undefined ? {} : { category }),
      inputs: inputs.map((port, i) => ({
        ...(port.rest ?? { id: `${id}-in-${i}` }),
        name: port.name,
        type: port.type,
        linkIds: inputLinks[i] ?? [],
      })),
      outputs: outputs.map((port, i) => ({
        ...(port.rest ?? { id: `${id}-out-${i}` }),
        name: port.name,
        type: port.type,
        linkIds: outputLinks[i] ?? [],
      })),
      nodes: graph.nodes,
      groups: graph.groups,
      links: graph.links.map((link) => ({
        ...link.rest,
        id: link.id,
        origin_id: link.origin,
        origin_slot: link.originSlot,
        target_id: link.target,
        target_slot: link.targetSlot,
        type: link.type,
        ...(link.reroute === undefined ? {} : { parentId: workflowId(link.reroute) }),
      })),
      ...(graph.reroutes.length > 0 ? { reroutes: graph.reroutes } : {}),
      extra: extra ?? {},
    };
  }

  private slots(part: GraphParts): Map<string, Slots> {
    const linked = new Map<string, Set<string>>();
    for (const { to } of Object.values(part.edges)) {
      let names = linked.get(to.node);
      if (!names) linked.set(to.node, (names = new Set()));
      names.add(to.input);
    }
    const slots = new Map<string, Slots>();
    for (const [id, node] of Object.entries(part.nodes)) {
      const kind = nodeKind(node.type, this.document, this.catalog);
      const inputs = inputSlotsOf(node, kind, linked.get(id) ?? new Set());
      const inputKeys = new Map(portKeys(storedNames(inputs)).map((key, i) => [key, i]));
      slots.set(id, { node, kind, inputs, inputKeys, outputSlot: outputSlotFinder(node, kind), outputs: outputSlotsOf(node, kind) });
    }
    return slots;
  }

  private origin(edge: DocumentEdge, slots: ReadonlyMap<string, Slots>, ports: SubgraphDefinition["inputs"] | undefined): End | undefined {
    const { node: id, output } = edge.from;
    if (ports && id === subgraphInputNode) return this.boundaryEnd(inputNodeId, output, ports);
    const found = slots.get(id);
    if (!found) return undefined;
    const slot = found.outputSlot(output) ?? (found.outputs.length === 1 ? 0 : undefined);
    if (slot === undefined || !Number.isSafeInteger(slot) || slot < 0) return undefined;
    this.add(Math.max(0, slot + 1 - found.outputs.length));
    while (found.outputs.length <= slot) {
      const known = found.kind.schema?.outputs[found.outputs.length] ?? found.kind.subgraph?.outputs[found.outputs.length];
      found.outputs.push({ name: known?.name ?? "", type: known?.type ?? "*", links: [] });
    }
    const entry = found.outputs[slot] as JsonObject;
    return { node: workflowId(id), index: slot, type: entry["type"], slot: entry };
  }

  private target(edge: DocumentEdge, slots: ReadonlyMap<string, Slots>, ports: SubgraphDefinition["outputs"] | undefined): End | undefined {
    const { node: id, input } = edge.to;
    if (ports && id === subgraphOutputNode) return this.boundaryEnd(outputNodeId, input, ports);
    const found = slots.get(id);
    if (!found) return undefined;
    let index = found.inputKeys.get(input);
    if (index === undefined && found.node.type === "Reroute") index = 0;
    if (index === undefined) {
      this.add(1);
      const known = found.kind.schema?.inputs.find(({ name }) => name === input);
      const type = known?.type ?? edge.type ?? "*";
      index = found.inputs.length;
      found.inputs.push({ name: input, type, ...(known && isWidget(known) ? { widget: { name: input } } : {}), link: null });
      found.inputKeys.set(input, index);
    }
    const entry = found.inputs[index];
    return entry && { node: workflowId(id), index, type: entry["type"], slot: entry };
  }

  private boundaryEnd(node: number, key: string, ports: readonly BoundaryPort[]): End | undefined {
    let find = this.finders.get(ports);
    if (!find) this.finders.set(ports, (find = slotFinder(ports.map((port) => port.name))));
    const index = find(key);
    const port = index === undefined ? undefined : ports[index];
    return port && index !== undefined ? { node, index, type: port.type } : undefined;
  }

  private add(count: number): void {
    this.added += count;
    if (this.added > this.limits.maxLinks) {
      throw new GraphError(
        "GRAPH_TOO_LARGE",
        "edges",
        `The edges name more than ${this.limits.maxLinks} slots that their nodes are not known to have`,
      );
    }
  }
}

/** Where a link begins or ends. */
interface End {
  readonly node: string | number;
  readonly index: number;
  readonly type: JsonValue | undefined;
  readonly slot?: JsonObject;
}

/** The highest of some ids and of what a file held as such; of ids only plain whole numbers count. */
function highest(ids: readonly string[], before: JsonValue | undefined): number {
  let max = typeof before === "number" ? before : 0;
  for (const id of ids) {
    const number = workflowId(id);
    if (typeof number === "number" && number > max) max = number;
  }
  return max;
}

/** Reroute points with the links that run through them: those that name them, and those that name one whose chain leads through them. */
function reroutesOf(part: GraphParts, links: readonly WrittenLink[], limits: GraphLimits): JsonObject[] {
  let passages = 0;
  const linkIds = new Map<string, number[]>(Object.keys(part.reroutes).map((id) => [id, []]));
  for (const { id, reroute } of links) {
    const passed = new Set<string>();
    for (let at = reroute; at !== undefined && !passed.has(at); at = getOwn(part.reroutes, at)?.parent) {
      passed.add(at);
      if (++passages > limits.maxLinks) {
        throw new GraphError("GRAPH_TOO_LARGE", "reroutes", `The links run through more than ${limits.maxLinks} reroute points in all`);
      }
      linkIds.get(at)?.push(id);
    }
  }
  return Object.entries(part.reroutes).map(([id, { position, parent, rest }]) => ({
    ...rest,
    id: workflowId(id),
    ...(parent === undefined ? {} : { parentId: workflowId(parent) }),
    pos: [...position],
    linkIds: linkIds.get(id) ?? [],
  }));
}

/** Each node's place in an order in which origins come before targets; nodes on a cycle come last. */
function executionOrder(part: GraphParts): Map<string, number> {
  const targets = new Map<string, string[]>();
  const waiting = new Map<string, number>(Object.keys(part.nodes).map((id) => [id, 0]));
  for (const { from, to } of Object.values(part.edges)) {
    const before = waiting.get(to.node);
    if (before === undefined || !waiting.has(from.node)) continue;
    waiting.set(to.node, before + 1);
    const list = targets.get(from.node);
    if (list) list.push(to.node);
    else targets.set(from.node, [to.node]);
  }
  const order = new Map<string, number>();
  const ready = [...waiting].filter(([, count]) => count === 0).map(([id]) => id);
  for (let i = 0; i < ready.length; i++) {
    const id = ready[i] as string;
    order.set(id, order.size);
    for (const target of targets.get(id) ?? []) {
      const left = (waiting.get(target) ?? 0) - 1;
      waiting.set(target, left);
      if (left === 0) ready.push(target);
    }
  }
  for (const id of waiting.keys()) if (!order.has(id)) order.set(id, order.size);
  return order;
}
