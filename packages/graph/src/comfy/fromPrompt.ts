import { emptyDocument } from "../document/graphDocument.js";
import type { DocumentNode, GraphDocument } from "../document/graphDocument.js";
import { nodeKind, outputNames, portKeys } from "../document/ports.js";
import { GraphError } from "../graphError.js";
import { getOwn, isJsonObject, setOwn } from "../json/jsonValue.js";
import type { JsonObject, JsonValue } from "../json/jsonValue.js";
import { defaultLimits } from "../limits.js";
import type { GraphLimits } from "../limits.js";
import type { Catalog } from "../schema/nodeInfo.js";
import { layeredLayout } from "./layout.js";
import { isLink, unwrapLiteral } from "./prompt.js";
import type { Prompt, PromptNode } from "./prompt.js";
import { FieldReader, withoutKeys } from "./readFields.js";

const read = new FieldReader("GRAPH_PROMPT_INVALID");
const changedKey = new Set(["is_changed"]);
const nodeKeys = new Set(["class_type", "inputs", "_meta", "is_changed"]);

/**
 * Checks the structure of an API prompt: an object of objects with `class_type` and `inputs`. `is_changed`, which old files carry and which
 * would be taken for the node's cache key, is left out. What nodes mean is `validatePrompt`'s business.
 * Throws GraphError: GRAPH_PROMPT_INVALID, GRAPH_TOO_LARGE.
 */
export function readPrompt(value: JsonValue, limits: GraphLimits = defaultLimits): Prompt {
  const file = read.object(value, "");
  const ids = Object.keys(file);
  if (ids.length > limits.maxNodes)
    throw new GraphError("GRAPH_TOO_LARGE", "", `The prompt has ${ids.length} nodes; at most ${limits.maxNodes} are read`);
  const prompt: Prompt = {};
  let links = 0;
  for (const id of ids) {
    if (id === "" || id.length > 256) read.fail("", id.slice(0, 80), "an object whose keys, the node ids, have 1 to 256 characters");
    const node = read.object(file[id], id);
    const inputs = node["inputs"] === undefined ? {} : read.object(node["inputs"], `${id}.inputs`);
    for (const [name, input] of Object.entries(inputs)) {
      if (!isLink(input)) continue;
      links++;
      read.id(input[0], `${id}.inputs.${name.slice(0, 80)}.0`);
      read.name(name, `${id}.inputs.${name.slice(0, 80)}`);
    }
    if (links > limits.maxLinks) throw new GraphError("GRAPH_TOO_LARGE", "", `The prompt has more than ${limits.maxLinks} links`);
    const type = read.name(node["class_type"], `${id}.class_type`);
    if (type === "") read.fail(`${id}.class_type`, type, "the name of a node");
    const rest = node["is_changed"] === undefined ? node : withoutKeys(node, changedKey);
    setOwn(prompt, id, { ...(rest as unknown as PromptNode), class_type: type, inputs });
  }
  return prompt;
}

/**
 * Turns an API prompt into a document, laid out in columns. Links become edges that name outputs where the catalog knows them and
 * "#slot" where not; wrapped lists are unwrapped. Throws as `readPrompt` does.
 */
export function fromPrompt(value: JsonValue, catalog: Catalog, limits: GraphLimits = defaultLimits): GraphDocument {
  const prompt = readPrompt(value, limits);
  const document = emptyDocument();
  const links: [string, string][] = [];
  const heights = new Map<string, number>();
  for (const [id, node] of Object.entries(prompt)) {
    heights.set(id, 80 + 30 * Object.keys(node.inputs).length);
    for (const input of Object.values(node.inputs)) if (isLink(input)) links.push([input[0], id]);
  }
  const places = layeredLayout(heights, links);
  let edges = 0;
  for (const [id, node] of Object.entries(prompt)) {
    const meta: JsonObject = isJsonObject(node._meta) ? node._meta : {};
    const otherMeta = withoutKeys(meta, new Set(["title"]));
    const rest = withoutKeys(node as unknown as JsonObject, nodeKeys);
    const result: DocumentNode = {
      type: node.class_type,
      ...(typeof meta["title"] === "string" ? { title: meta["title"] } : {}),
      position: places.get(id)?.position ?? [0, 0],
      inputs: {},
      ...(otherMeta || rest ? { comfy: { ...(otherMeta ? { meta: otherMeta } : {}), ...(rest ? { prompt: rest } : {}) } } : {}),
    };
    for (const [name, input] of Object.entries(node.inputs)) {
      if (!isLink(input)) {
        setOwn(result.inputs, name, unwrapLiteral(input));
        continue;
      }
      const [origin, slot] = input;
      const type = getOwn(prompt, origin)?.class_type;
      const names = type === undefined ? [] : outputNames({ type, position: [0, 0], inputs: {} }, nodeKind(type, document, catalog));
      document.edges[String(++edges)] = {
        from: { node: origin, output: portKeys(names)[slot] ?? `#${slot}` },
        to: { node: id, input: name },
      };
    }
    setOwn(document.nodes, id, result);
  }
  return document;
}
