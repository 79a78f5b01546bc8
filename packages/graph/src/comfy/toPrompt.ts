import type { DocumentNode, GraphDocument } from "../document/graphDocument.js";
import { nodeKind, slotFinder, storedNames } from "../document/ports.js";
import type { NodeKind } from "../document/ports.js";
import { getOwn, isJsonObject, setOwn } from "../json/jsonValue.js";
import type { JsonObject, JsonValue } from "../json/jsonValue.js";
import { defaultLimits } from "../limits.js";
import type { GraphLimits } from "../limits.js";
import type { Catalog } from "../schema/nodeInfo.js";
import type { InputSchema } from "../schema/nodeSchema.js";
import { isVirtualType } from "../schema/virtualNodes.js";
import { expandSubgraphs } from "./expandSubgraphs.js";
import type { ScopedNode } from "./expandSubgraphs.js";
import { wrapLiteral } from "./prompt.js";
import type { Prompt } from "./prompt.js";
import { LinkResolver } from "./resolveLink.js";
import { readWidgetValues } from "./widgetValues.js";

/**
 * The API prompt that a document stands for, as the front end's `graphToPrompt` makes it: virtual, muted and bypassed nodes are left out and
 * links are followed through them; subgraphs are expanded, their nodes' ids joined by colons ("12:7"); literal lists are wrapped in
 * `__value__`; a link overrides the value of its input; a link whose origin does not run is left out. Nothing is filled in: what a node
 * lacks stays lacking (see `fillDefaults`), and a link to a node that does not exist stays, for validation to name.
 * Throws GraphError: GRAPH_SUBGRAPH_RECURSION, GRAPH_TOO_DEEP, GRAPH_TOO_LARGE.
 */
export function toPrompt(document: GraphDocument, catalog: Catalog, limits: GraphLimits = defaultLimits): Prompt {
  const { nodes } = expandSubgraphs(document, limits);
  const resolver = new LinkResolver(document, catalog);
  const prompt: Prompt = {};
  for (const scoped of nodes) {
    const { scope, id, node } = scoped;
    if (isVirtualType(node.type) || node.mode) continue;
    const kind = nodeKind(node.type, document, catalog);
    const inputs = literals(scoped, kind);
    const inputName = inputNames(node);
    for (const [key, edge] of scope.incoming.get(id) ?? []) {
      const source = resolver.resolve(scope, edge, resolver.inputType(node, kind, key));
      if (source.kind === "output") setOwn(inputs, inputName(key), [source.id, source.slot]);
      else if (source.kind === "value") setOwn(inputs, inputName(key), wrapLiteral(source.value));
    }
    const title = node.title ?? kind.schema?.info.display_name;
    setOwn(prompt, scope.prefix + id, {
      ...node.comfy?.prompt,
      class_type: node.type,
      inputs,
      ...(title === undefined && !node.comfy?.meta ? {} : { _meta: { ...node.comfy?.meta, ...(title === undefined ? {} : { title }) } }),
    });
  }
  return prompt;
}

function literals({ scope, id, node }: ScopedNode, kind: NodeKind): JsonObject {
  const inputs: JsonObject = {};
  const put = (values: JsonObject): void => {
    for (const [name, value] of Object.entries(values)) setOwn(inputs, name, wrapLiteral(value));
  };
  // A placeholder whose type has become known since it was opened.
  const kept = node.comfy?.widgets_values;
  if (kind.schema && Array.isArray(kept)) put(readWidgetValues(kind.schema, kept).inputs);
  put(node.inputs);
  put(scope.overrides.get(id) ?? {});
  if (node.comfy?.byName && kind.schema) {
    // Widget values by name carry entries that are no inputs, such as a preview's state.
    const known = new Set(kind.schema.inputs.map((input) => input.name));
    for (const name of Object.keys(inputs)) if (!known.has(name.split(".")[0] as string)) delete inputs[name];
  }
  return inputs;
}

/** Gives an input's real name: its key, unless that is a "name#slot" made for slots that share a name. */
function inputNames(node: DocumentNode): (key: string) => string {
  const names = storedNames(node.comfy?.inputs);
  if (names.length === 0) return (key) => key;
  const known = new Set(names);
  const find = slotFinder(names);
  return (key) => {
    if (known.has(key)) return key;
    const slot = find(key);
    return (slot === undefined ? undefined : names[slot]) || key;
  };
}

/**
 * A copy of a prompt in which required inputs that are missing hold their schema's default, a combo without one its first option (but never a
 * file that happens to be there), and each family of inputs that a choice brings likewise. ComfyUI refuses such prompts; its front end fills the values in when it loads a graph, as this does.
 */
export function fillDefaults(prompt: Prompt, catalog: Catalog): Prompt {
  const filled: Prompt = {};
  for (const [id, node] of Object.entries(prompt)) {
    const kind = nodeKind(node.class_type, { subgraphs: {} }, catalog);
    const inputs: JsonObject = { ...node.inputs };
    const open = [...(kind.schema?.inputs ?? [])];
    for (let input = open.shift(); input; input = open.shift()) {
      if (!input.required) continue;
      if (!Object.hasOwn(inputs, input.name)) {
        const value = fillValue(input);
        if (value !== undefined) setOwn(inputs, input.name, wrapLiteral(value));
      }
      const value = getOwn(inputs, input.name);
      if (!isJsonObject(value)) open.unshift(...(input.choices?.find((choice) => choice.key === value)?.inputs ?? []));
    }
    setOwn(filled, id, { ...node, inputs });
  }
  return filled;
}

function fillValue(input: InputSchema): JsonValue | undefined {
  if (input.kind === "link" || input.kind === "autogrow") return undefined;
  const listsFiles = input.upload !== undefined || "options_from_folder" in input.spec || "options_from_directory" in input.spec;
  return input.default ?? input.choices?.[0]?.key ?? (listsFiles ? undefined : input.options?.[0]);
}
