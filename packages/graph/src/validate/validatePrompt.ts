import { isLink, unwrapLiteral, wrapLiteral, type Prompt, type PromptLink, type PromptNode } from "../comfy/prompt.js";
import type { GraphErrorCode } from "../graphError.js";
import { getOwn, quote, setOwn, type JsonObject, type JsonValue } from "../json/jsonValue.js";
import { defaultLimits, type GraphLimits } from "../limits.js";
import { concreteInputs } from "../schema/concreteInputs.js";
import type { Catalog } from "../schema/nodeInfo.js";
import { nodeSchema, type InputSchema, type NodeSchema } from "../schema/nodeSchema.js";
import { typesMatch } from "../schema/typesMatch.js";
import { isLegacyGroupType } from "../schema/virtualNodes.js";
import { checkValue } from "./checkValue.js";
import { findCycles } from "./findCycles.js";
import { NameHints } from "./nearestNames.js";
import type { GraphProblem } from "./problem.js";

/** A prompt that was looked at as a whole. */
export interface ValidatedPrompt {
  /** All that is wrong; the prompt may be run when there is nothing. */
  readonly problems: readonly GraphProblem[];
  /** The prompt with its literals in their inputs' types ("20" is 20 where an integer is asked for). */
  readonly prompt: Prompt;
}

export interface ValidateOptions {
  readonly limits?: GraphLimits;
  /** Nodes that exist elsewhere, for a better word on one that is not in the catalog. */
  readonly known?: Catalog;
}

/**
 * Checks a prompt against a catalog and finds everything that is wrong with it at once: unknown nodes, missing inputs, links to nothing or of
 * another type, values of another type, out of bounds or not among the options, circles, nothing to run, too much of it. As only those run,
 * inputs are checked on the nodes that an output needs. Inputs a node does not declare are left alone; combos whose values the catalog
 * leaves open are not checked. Never throws.
 */
export function validatePrompt(
  given: Prompt,
  catalog: Catalog,
  { limits = defaultLimits, known = {} }: ValidateOptions = {},
): ValidatedPrompt {
  const ids = Object.keys(given);
  const links = countLinks(given);
  const graphProblem = (code: GraphErrorCode, message: string): GraphProblem => ({
    code,
    path: "",
    nodeId: null,
    nodeType: null,
    input: null,
    message,
  });
  if (ids.length > limits.maxNodes || links > limits.maxLinks) {
    const message = `The graph has ${ids.length} nodes and ${links} links; at most ${limits.maxNodes} nodes and ${limits.maxLinks} links are run`;
    return { problems: [graphProblem("GRAPH_TOO_LARGE", message)], prompt: given };
  }
  const problems: GraphProblem[] = [];
  const prompt: Prompt = {};
  const hints = new NameHints();
  const types = Object.keys(catalog);
  const schemas = new Map<string, NodeSchema>();
  for (const id of ids) {
    const info = getOwn(catalog, given[id]!.class_type);
    if (info) schemas.set(id, nodeSchema(info));
  }
  const outputs = ids.filter((id) => schemas.get(id)?.isOutputNode);
  const needed = withOrigins(given, outputs);
  for (const id of ids) {
    const node = given[id]!;
    const schema = schemas.get(id);
    if (!schema) problems.push(unknownNode(id, node, hints.nearest(node.class_type, types), known));
    const inputs = schema && needed.has(id) ? checkInputs(id, node, schema, given, schemas, hints, problems) : node.inputs;
    setOwn(prompt, id, { ...node, inputs });
  }
  if (outputs.length === 0 && ids.every((id) => schemas.has(id))) {
    problems.push(
      graphProblem("GRAPH_NO_OUTPUT", "No node of the graph gives a result: it needs one that saves or shows something, such as SaveImage"),
    );
  }
  for (const cycle of findCycles(needed.keys(), (id) => needed.get(id)!)) {
    const shown = cycle.length > 8 ? [...cycle.slice(0, 8), "…"] : cycle;
    problems.push({
      ...graphProblem("GRAPH_CYCLE", `The links of the nodes ${[...shown, cycle[0]].join(" ← ")} run in a circle; one of them must go`),
      path: `nodes.${cycle[0]!}`,
      nodeId: cycle[0]!,
      nodeType: given[cycle[0]!]!.class_type,
    });
  }
  return { problems, prompt };
}

/** The nodes of the graph that a node is linked to. */
function origins(prompt: Prompt, id: string): string[] {
  const found: string[] = [];
  for (const value of Object.values(prompt[id]!.inputs)) if (isLink(value) && Object.hasOwn(prompt, value[0])) found.push(value[0]);
  return found;
}

/** The nodes given and all that they are linked to, each with those it is linked to itself. */
function withOrigins(prompt: Prompt, ids: readonly string[]): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const open = [...ids];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    const needs = origins(prompt, id);
    found.set(id, needs);
    for (const each of needs) open.push(each);
  }
  return found;
}

function countLinks(prompt: Prompt): number {
  let links = 0;
  for (const { inputs } of Object.values(prompt)) for (const value of Object.values(inputs)) if (isLink(value)) links++;
  return links;
}

function unknownNode(id: string, node: PromptNode, near: readonly string[], known: Catalog): GraphProblem {
  if (isLegacyGroupType(node.class_type)) {
    const message = `${quote(node.class_type)} is a group node of 2024, which subgraphs have replaced: open the workflow in ComfyUI, convert the group to nodes or to a subgraph, and save it again`;
    return { code: "GRAPH_NODE_UNKNOWN", path: `nodes.${id}`, nodeId: id, nodeType: node.class_type, input: null, message };
  }
  const hint = near.length > 0 ? `; nearest: ${near.map((name) => quote(name)).join(", ")}` : "";
  const message = Object.hasOwn(known, node.class_type)
    ? `The node ${quote(node.class_type)} of ComfyUI is not there in Patchbay yet: take it out or use another`
    : `There is no node ${quote(node.class_type)} here${hint}`;
  return {
    code: "GRAPH_NODE_UNKNOWN",
    path: `nodes.${id}`,
    nodeId: id,
    nodeType: node.class_type,
    input: null,
    message,
  };
}

/** The node's inputs, checked and coerced; what is wrong is added to `problems`. */
function checkInputs(
  id: string,
  node: PromptNode,
  schema: NodeSchema,
  prompt: Prompt,
  schemas: ReadonlyMap<string, NodeSchema>,
  hints: NameHints,
  problems: GraphProblem[],
): JsonObject {
  const inputs: JsonObject = { ...node.inputs };
  const valueOf = (name: string): JsonValue | undefined => {
    const value = getOwn(node.inputs, name);
    return value === undefined || isLink(value) ? undefined : unwrapLiteral(value);
  };
  for (const input of concreteInputs(schema.inputs, valueOf, (name) => Object.hasOwn(node.inputs, name))) {
    const problem = (code: GraphErrorCode, message: string): void => {
      problems.push({ code, path: `nodes.${id}.inputs.${input.name}`, nodeId: id, nodeType: node.class_type, input: input.name, message });
    };
    const value = getOwn(node.inputs, input.name);
    if (value === undefined) {
      if (input.required) problem("GRAPH_INPUT_MISSING", `The input is missing: it takes ${describeInput(input)}`);
    } else if (isLink(value)) {
      checkLink(input, value, prompt, schemas, problem);
    } else if (Array.isArray(value)) {
      const form = 'a link is ["node id", output number], a list as a value is {"__value__": [...]}';
      problem("GRAPH_LINK_INVALID", `${quote(value)} is neither a link nor a value: ${form}`);
    } else {
      const checked = checkValue(input, unwrapLiteral(value), hints);
      if ("code" in checked) problem(checked.code, checked.message);
      else setOwn(inputs, input.name, wrapLiteral(checked.value));
    }
  }
  return inputs;
}

function checkLink(
  input: InputSchema,
  [origin, slot]: PromptLink,
  prompt: Prompt,
  schemas: ReadonlyMap<string, NodeSchema>,
  problem: (code: GraphErrorCode, message: string) => void,
): void {
  const from = getOwn(prompt, origin);
  if (!from) {
    problem("GRAPH_LINK_INVALID", `The link comes from node ${quote(origin)}, which the graph does not have`);
    return;
  }
  // An unknown node is a problem of its own.
  const outputs = schemas.get(origin)?.outputs;
  if (!outputs) return;
  const output = outputs[slot];
  if (!output) {
    const has = outputs.length === 0 ? "no outputs" : `outputs 0 to ${outputs.length - 1}`;
    problem(
      "GRAPH_LINK_INVALID",
      `The link comes from output ${quote(slot)} of node ${quote(origin)} (${from.class_type}), which has ${has}`,
    );
  } else if (!typesMatch(output.type, input.type) && !(output.isList && input.kind === "combo")) {
    problem(
      "GRAPH_LINK_TYPE",
      `The link brings ${output.type} from ${quote(output.name)} of node ${quote(origin)} (${from.class_type}); the input takes ${input.type}`,
    );
  }
}

function describeInput(input: InputSchema): string {
  if (input.kind === "link" || input.kind === "autogrow") return `a link of type ${input.type}`;
  return input.default === undefined
    ? `a value of type ${input.type}`
    : `a value of type ${input.type}, such as ${quote(input.default, 40)}`;
}
