import { subgraphInputNode, subgraphOutputNode, emptyDocument } from "../document/graphDocument.js";
import type { BoundaryPort, DocumentEdge, DocumentFrame, DocumentReroute, GraphDocument, GraphParts } from "../document/graphDocument.js";
import { nodeKind, outputNames, portKeys, storedNames } from "../document/ports.js";
import { GraphError } from "../graphError.js";
import { getOwn, isJsonObject, quote, setOwn } from "../json/jsonValue.js";
import type { JsonObject, JsonValue } from "../json/jsonValue.js";
import { defaultLimits } from "../limits.js";
import type { GraphLimits } from "../limits.js";
import type { Catalog } from "../schema/nodeInfo.js";
import { FieldReader, idText, withoutKeys } from "./readFields.js";
import { readWorkflowNode } from "./workflowNode.js";

/** Something in a file that was mended or left out, for people to know. */
export interface GraphWarning {
  readonly path: string;
  readonly message: string;
}

export interface ImportOptions {
  readonly limits?: GraphLimits;
  /** Receives what was mended or left out. */
  readonly warn?: (warning: GraphWarning) => void;
}

const read = new FieldReader("GRAPH_WORKFLOW_INVALID");

/** Ids under which links inside a subgraph reach its inputs and outputs. */
const inputNodeId = "-10";
const outputNodeId = "-20";

interface Link {
  readonly id: string;
  readonly origin: string;
  readonly originSlot: number;
  readonly target: string;
  readonly targetSlot: number;
  readonly type: JsonValue | undefined;
  readonly parent: string | undefined;
  readonly rest: JsonObject | undefined;
}

/**
 * Turns a ComfyUI UI workflow (format 0.4 or 1, subgraphs included) into a document. The catalog's schemas name the positional widget
 * values; a node whose type it lacks becomes a placeholder that keeps all its data. Links that lead nowhere are left out with a warning.
 * Throws GraphError: GRAPH_WORKFLOW_INVALID with the path of the fault, GRAPH_TOO_LARGE.
 */
export function fromWorkflow(value: JsonValue, catalog: Catalog, options: ImportOptions = {}): GraphDocument {
  const file = read.object(value, "");
  const document = emptyDocument();
  const definitions = subgraphDefinitions(file);
  for (const [index, definition] of definitions.entries()) {
    const path = `definitions.subgraphs.${index}`;
    const id = read.id(definition["id"], `${path}.id`);
    const rest = withoutKeys(definition, definitionKeys);
    const extra = extraOf(definition);
    setOwn(document.subgraphs, id, {
      name: typeof definition["name"] === "string" ? definition["name"] : id,
      ...(typeof definition["description"] === "string" ? { description: definition["description"] } : {}),
      ...(typeof definition["category"] === "string" ? { category: definition["category"] } : {}),
      inputs: boundary(definition["inputs"], `${path}.inputs`),
      outputs: boundary(definition["outputs"], `${path}.outputs`),
      nodes: {},
      edges: {},
      frames: {},
      reroutes: {},
      ...(extra ? { extra } : {}),
      ...(rest ? { rest } : {}),
    });
  }
  const importer = new Importer(document, catalog, options);
  importer.part(file, document, "");
  for (const [index, definition] of definitions.entries()) {
    const subgraph = getOwn(document.subgraphs, read.id(definition["id"], ""));
    if (subgraph) importer.part(definition, subgraph, `definitions.subgraphs.${index}.`);
  }
  if (typeof file["id"] === "string") document.id = file["id"];
  const extra = extraOf(file);
  if (extra) document.extra = extra;
  const rest = { ...lastIds(file), ...withoutKeys(file, workflowKeys) };
  if (Object.keys(rest).length > 0) document.rest = rest;
  return document;
}

const partKeys = ["nodes", "links", "groups", "reroutes", "extra"];
const workflowKeys = new Set([...partKeys, "id", "definitions", "last_node_id", "last_link_id", "state", "version"]);
const definitionKeys = new Set([...partKeys, "id", "definitions", "name", "description", "category", "inputs", "outputs"]);
const reroutesInExtra: ReadonlySet<string> = new Set(["reroutes", "linkExtensions"]);

/** `extra` without what the document holds as reroutes. */
function extraOf(file: JsonObject): JsonObject | undefined {
  const extra = file["extra"];
  return isJsonObject(extra) ? (withoutKeys(extra, reroutesInExtra) ?? {}) : undefined;
}

/** The highest ids ever given, which may be above those in use, as format 0.4 spells them. */
function lastIds(file: JsonObject): JsonObject {
  const state = isJsonObject(file["state"]) ? file["state"] : {};
  const ids: JsonObject = {};
  for (const [key, inState] of [
    ["last_node_id", "lastNodeId"],
    ["last_link_id", "lastLinkId"],
  ] as const) {
    const id = file[key] ?? state[inState];
    if (id !== undefined) ids[key] = id;
  }
  return ids;
}

/** All definitions, those nested in others included. */
function subgraphDefinitions(file: JsonObject): JsonObject[] {
  const found: JsonObject[] = [];
  const open: JsonObject[] = [file];
  for (let holder = open.pop(); holder; holder = open.pop()) {
    const definitions = isJsonObject(holder["definitions"]) ? holder["definitions"]["subgraphs"] : undefined;
    for (const definition of read.optionalArray(definitions, "definitions.subgraphs")) {
      const object = read.object(definition, "definitions.subgraphs");
      found.push(object);
      open.push(object);
    }
  }
  return found;
}

function boundary(value: JsonValue | undefined, path: string): BoundaryPort[] {
  return read.optionalArray(value, path).map((port, i) => {
    const object = read.object(port, `${path}.${i}`);
    const rest = withoutKeys(object, new Set(["name", "type", "linkIds"]));
    return {
      name: read.name(object["name"], `${path}.${i}.name`),
      type: typeof object["type"] === "string" ? object["type"] : "*",
      ...(rest ? { rest } : {}),
    };
  });
}

class Importer {
  private nodeCount = 0;
  private linkCount = 0;
  /** How many edges a link has become. */
  private readonly uses = new Map<Link, number>();
  /** Keys of nodes' outputs and of subgraphs' ports. */
  private readonly keys = new Map<object, readonly string[]>();
  private readonly document: GraphDocument;
  private readonly catalog: Catalog;
  private readonly limits: GraphLimits;
  private readonly warn: (warning: GraphWarning) => void;

  constructor(document: GraphDocument, catalog: Catalog, options: ImportOptions) {
    this.document = document;
    this.catalog = catalog;
    this.limits = options.limits ?? defaultLimits;
    this.warn = options.warn ?? (() => {});
  }

  part(file: JsonObject, into: GraphParts & { inputs?: BoundaryPort[]; outputs?: BoundaryPort[] }, path: string): void {
    const links = this.links(file, path);
    const nodes = read.array(file["nodes"], `${path}nodes`).map((node, i) => read.object(node, `${path}nodes.${i}`));
    this.nodeCount += nodes.length;
    if (this.nodeCount > this.limits.maxNodes) {
      throw new GraphError("GRAPH_TOO_LARGE", `${path}nodes`, `The workflow has more than ${this.limits.maxNodes} nodes`);
    }
    const ids: string[] = [];
    for (const [i, node] of nodes.entries()) {
      const at = `${path}nodes.${i}`;
      const id = read.id(node["id"], `${at}.id`);
      if (Object.hasOwn(into.nodes, id)) read.fail(`${at}.id`, id, "an id that no other node of the graph has");
      setOwn(into.nodes, id, readWorkflowNode(node, at, this.document, this.catalog));
      ids.push(id);
    }
    if (ids.some((id, i) => i > 0 && !isAscending(ids[i - 1] as string, id))) {
      for (const [i, id] of ids.entries()) {
        const node = getOwn(into.nodes, id);
        if (node) node.comfy = { ...node.comfy, index: i };
      }
    }
    for (const [i, node] of nodes.entries()) this.edges(node, ids[i] as string, `${path}nodes.${i}`, links, into);
    this.boundaryEdges(links, into);
    this.frames(file, into, path);
    this.reroutes(file, into, path);
  }

  private links(file: JsonObject, path: string): Map<string, Link> {
    const given = file["links"];
    const list = isJsonObject(given) ? Object.values(given) : read.optionalArray(given, `${path}links`);
    this.linkCount += list.length;
    if (this.linkCount > this.limits.maxLinks) {
      throw new GraphError("GRAPH_TOO_LARGE", `${path}links`, `The workflow has more than ${this.limits.maxLinks} links`);
    }
    const parents = linkParents(file);
    const links = new Map<string, Link>();
    for (const [i, entry] of list.entries()) {
      if (entry === null) continue;
      const at = `${path}links.${i}`;
      const link: JsonObject = Array.isArray(entry) ? linkObject(entry) : read.object(entry, at);
      const id = read.id(link["id"], `${at}.id`);
      const parent = link["parentId"] ?? parents.get(id);
      links.set(id, {
        id,
        origin: read.id(link["origin_id"], `${at}.origin_id`),
        originSlot: read.slot(link["origin_slot"], `${at}.origin_slot`),
        target: read.id(link["target_id"], `${at}.target_id`),
        targetSlot: read.slot(link["target_slot"], `${at}.target_slot`),
        type: link["type"],
        parent: parent === undefined || parent === null ? undefined : read.id(parent, `${at}.parentId`),
        rest: Array.isArray(entry) ? undefined : withoutKeys(link, linkKeys),
      });
    }
    return links;
  }

  private edges(node: JsonObject, id: string, path: string, links: ReadonlyMap<string, Link>, into: GraphParts): void {
    const slots = read.optionalArray(node["inputs"], `${path}.inputs`).filter(isJsonObject);
    if (slots.length === 0) return;
    const keys = portKeys(storedNames(slots));
    for (const [i, slot] of slots.entries()) {
      if (slot["link"] === undefined || slot["link"] === null) continue;
      const link = links.get(read.id(slot["link"], `${path}.inputs.${i}.link`));
      const from = link && this.origin(link, into);
      if (!link || !from) {
        this.warn({
          path: `${path}.inputs.${i}`,
          message: `Link ${quote(slot["link"])} of input ${quote(slot["name"])} leads to no node; left out`,
        });
        continue;
      }
      this.add(into, link, from, { node: id, input: read.name(keys[i], `${path}.inputs.${i}.name`) });
    }
  }

  private boundaryEdges(links: ReadonlyMap<string, Link>, into: GraphParts & { outputs?: BoundaryPort[] }): void {
    if (!into.outputs) return;
    const keys = portKeys(into.outputs.map((port) => port.name));
    for (const link of links.values()) {
      if (link.target !== outputNodeId) continue;
      const key = keys[link.targetSlot];
      const from = this.origin(link, into);
      if (key !== undefined && from) this.add(into, link, from, { node: subgraphOutputNode, input: key });
    }
  }

  private origin(link: Link, into: GraphParts & { inputs?: BoundaryPort[] }): DocumentEdge["from"] | undefined {
    if (into.inputs && link.origin === inputNodeId) {
      const { inputs } = into;
      const key = this.keysOf(inputs, () => portKeys(inputs.map((port) => port.name)))[link.originSlot];
      return key === undefined ? undefined : { node: subgraphInputNode, output: key };
    }
    const node = getOwn(into.nodes, link.origin);
    if (!node) return undefined;
    const keys = this.keysOf(node, () => {
      const known = portKeys(outputNames(node, nodeKind(node.type, this.document, this.catalog)));
      return [...known, ...portKeys(storedNames(node.comfy?.outputs)).slice(known.length)];
    });
    const output = keys[link.originSlot] ?? `#${link.originSlot}`;
    return { node: link.origin, output: read.name(output, `nodes.${link.origin}.outputs.${link.originSlot}.name`) };
  }

  private keysOf(owner: object, compute: () => readonly string[]): readonly string[] {
    let keys = this.keys.get(owner);
    if (!keys) this.keys.set(owner, (keys = compute()));
    return keys;
  }

  private add(into: GraphParts, link: Link, from: DocumentEdge["from"], to: DocumentEdge["to"]): void {
    let id = link.id;
    while (Object.hasOwn(into.edges, id)) {
      const uses = (this.uses.get(link) ?? 1) + 1;
      this.uses.set(link, uses);
      id = `${link.id}.${uses}`;
    }
    setOwn(into.edges, id, {
      from,
      to,
      ...(link.type === undefined ? {} : { type: link.type }),
      ...(link.parent === undefined ? {} : { reroute: link.parent }),
      ...(link.rest ? { rest: link.rest } : {}),
    });
  }

  private frames(file: JsonObject, into: GraphParts, path: string): void {
    for (const [i, entry] of read.optionalArray(file["groups"], `${path}groups`).entries()) {
      const group = read.object(entry, `${path}groups.${i}`);
      const bounds = read.numbers(group["bounding"], 4);
      if (!bounds) read.fail(`${path}groups.${i}.bounding`, group["bounding"], "four numbers: left, top, width, height");
      const rest = withoutKeys(group, new Set(["title", "bounding", "color"]));
      const frame: DocumentFrame = {
        title: typeof group["title"] === "string" ? group["title"] : "",
        bounds: bounds as DocumentFrame["bounds"],
        ...(typeof group["color"] === "string" ? { color: group["color"] } : {}),
        ...(rest ? { rest } : {}),
      };
      setOwn(into.frames, String(i + 1), frame);
    }
  }

  private reroutes(file: JsonObject, into: GraphParts, path: string): void {
    const list = file["reroutes"] ?? (isJsonObject(file["extra"]) ? file["extra"]["reroutes"] : undefined);
    for (const [i, entry] of read.optionalArray(list, `${path}reroutes`).entries()) {
      const reroute = read.object(entry, `${path}reroutes.${i}`);
      const position = read.numbers(reroute["pos"], 2) ?? read.fail(`${path}reroutes.${i}.pos`, reroute["pos"], "two numbers");
      const parent = reroute["parentId"];
      const rest = withoutKeys(reroute, new Set(["id", "pos", "parentId", "linkIds"]));
      setOwn(into.reroutes, read.id(reroute["id"], `${path}reroutes.${i}.id`), {
        position: position as DocumentReroute["position"],
        ...(parent === undefined || parent === null ? {} : { parent: read.id(parent, `${path}reroutes.${i}.parentId`) }),
        ...(rest ? { rest } : {}),
      });
    }
  }
}

/** A link given as a list, as an object. */
function linkObject(link: readonly JsonValue[]): JsonObject {
  const keys = ["id", "origin_id", "origin_slot", "target_id", "target_slot", "type"];
  return Object.fromEntries(keys.slice(0, link.length).map((key, i) => [key, link[i] as JsonValue]));
}

const linkKeys = new Set(["id", "origin_id", "origin_slot", "target_id", "target_slot", "type", "parentId"]);

/** Whether two ids stand in the order in which an object lists its keys: whole numbers ascending, then strings as they came. */
function isAscending(before: string, after: string): boolean {
  const whole = /^(0|[1-9]\d{0,9})$/;
  if (whole.test(after)) return whole.test(before) && Number(before) < Number(after);
  return true;
}

/** Format 0.4 keeps a link's reroute beside the links: `extra.linkExtensions`. */
function linkParents(file: JsonObject): Map<string, JsonValue> {
  const list = isJsonObject(file["extra"]) ? file["extra"]["linkExtensions"] : undefined;
  const parents = new Map<string, JsonValue>();
  for (const entry of Array.isArray(list) ? list.filter(isJsonObject) : []) {
    const id = idText(entry["id"]);
    if (id !== undefined && entry["parentId"] !== undefined) parents.set(id, entry["parentId"]);
  }
  return parents;
}
