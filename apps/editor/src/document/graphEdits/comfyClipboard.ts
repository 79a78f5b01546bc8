import { isJsonObject } from "@patchbay/graph";
import type { JsonObject, JsonValue } from "@patchbay/graph";

/** The text inside the HTML that ComfyUI's front end puts on the clipboard, as base64 in `data-metadata`; any other text as it is. */
export function unwrapClipboard(text: string): string {
  const encoded = /data-metadata="([A-Za-z0-9+/=\s]+)"/.exec(text)?.[1];
  if (encoded === undefined) return text;
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return text;
  }
}

/**
 * Whether JSON is what ComfyUI copies: nodes, with their links apart, but not a whole workflow, which says its version. Links are objects, or
 * in older front ends lists of places in the list of nodes: [origin, its slot, target, its slot, …].
 */
export function isComfyClipboard(value: JsonValue): value is JsonObject {
  return isJsonObject(value) && Array.isArray(value["nodes"]) && !("version" in value) && !("last_node_id" in value);
}

/** The copied nodes as a workflow: links written into the inputs that they lead to, definitions of subgraphs where a workflow has them. */
export function clipboardToWorkflow(clipboard: JsonObject): JsonObject {
  const links = Array.isArray(clipboard["links"]) ? clipboard["links"] : [];
  const byPlace = links.some(Array.isArray);
  const nodes = (clipboard["nodes"] as JsonValue[]).filter(isJsonObject).map((node, i): JsonObject => ({
    ...node,
    // Older front ends copy nodes without an id of their own.
    id: byPlace ? i + 1 : (node["id"] ?? i + 1),
    ...(Array.isArray(node["inputs"])
      ? { inputs: node["inputs"].map((slot) => (isJsonObject(slot) ? { ...slot, link: null } : slot)) }
      : {}),
  }));
  const byId = new Map(nodes.map((node) => [idText(node["id"]), node]));
  const written: JsonValue[] = [];
  for (const [i, link] of links.entries()) {
    const ends = linkEnds(link, i + 1);
    const inputs = ends && byId.get(ends.target)?.["inputs"];
    const slot = ends && Array.isArray(inputs) ? inputs[ends.targetSlot] : undefined;
    if (!ends || !isJsonObject(slot) || !byId.has(ends.origin)) continue;
    slot["link"] = ends.id;
    written.push([ends.id, ends.origin, ends.originSlot, ends.target, ends.targetSlot, slot["type"] ?? "*"]);
  }
  const subgraphs = Array.isArray(clipboard["subgraphs"]) ? clipboard["subgraphs"] : [];
  return {
    nodes,
    links: written,
    groups: Array.isArray(clipboard["groups"]) ? clipboard["groups"] : [],
    ...(subgraphs.length > 0 ? { definitions: { subgraphs } } : {}),
    version: 0.4,
  };
}

interface LinkEnds {
  readonly id: number;
  readonly origin: string;
  readonly originSlot: number;
  readonly target: string;
  readonly targetSlot: number;
}

function linkEnds(link: JsonValue, id: number): LinkEnds | undefined {
  const [origin, originSlot, target, targetSlot] = Array.isArray(link)
    ? [placed(link[0]), link[1], placed(link[2]), link[3]]
    : isJsonObject(link)
      ? [link["origin_id"], link["origin_slot"], link["target_id"], link["target_slot"]]
      : [];
  if (typeof originSlot !== "number" || typeof targetSlot !== "number") return undefined;
  const [from, to] = [idText(origin), idText(target)];
  return from === undefined || to === undefined ? undefined : { id, origin: from, originSlot, target: to, targetSlot };
}

function idText(id: JsonValue | undefined): string | undefined {
  return typeof id === "number" || typeof id === "string" ? String(id) : undefined;
}

function placed(place: JsonValue | undefined): number | undefined {
  return typeof place === "number" ? place + 1 : undefined;
}
