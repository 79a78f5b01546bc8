import { isLink, wrapLiteral, type Prompt, type PromptNode } from "../comfy/prompt.js";
import { GraphError } from "../graphError.js";
import { quote, setOwn, type JsonValue } from "../json/jsonValue.js";
import { parseJson } from "../json/parseJson.js";
import { concreteInputs } from "../schema/concreteInputs.js";
import type { Catalog } from "../schema/nodeInfo.js";
import { nodeSchema } from "../schema/nodeSchema.js";
import { coerceLiteral } from "../validate/coerceLiteral.js";
import { nearestNames } from "../validate/nearestNames.js";

/** The largest seed: 64 bits without a sign. */
const LARGEST_SEED = 2n ** 64n - 1n;
const SEED_INPUTS = ["seed", "noise_seed"];

/**
 * A copy of the prompt with overrides "NODE.INPUT=VALUE" applied. NODE is an id, a title or a type, of which there must be one; INPUT is one
 * that the node declares or has; VALUE is JSON, or text where it is none or the input is text. A link that was there is replaced.
 * Throws GraphError: GRAPH_SET_SYNTAX, GRAPH_SET_NODE_UNKNOWN, GRAPH_SET_NODE_AMBIGUOUS, GRAPH_SET_INPUT_UNKNOWN.
 */
export function setInputs(prompt: Prompt, overrides: readonly string[], catalog: Catalog): Prompt {
  const result: Prompt = { ...prompt };
  for (const override of overrides) {
    const [, target = "", value = ""] = /^([^=]*)=([^]*)$/.exec(override) ?? [];
    const dot = target.lastIndexOf(".");
    if (dot < 1 || dot === target.length - 1) {
      throw new GraphError("GRAPH_SET_SYNTAX", "", `${quote(override)} is not NODE.INPUT=VALUE, such as KSampler.steps=30`);
    }
    const [id, input] = findInput(result, target, catalog);
    const node = result[id]!;
    const inputs = { ...node.inputs };
    setOwn(inputs, input, wrapLiteral(readValue(node, input, value, catalog)));
    setOwn(result, id, { ...node, inputs });
  }
  return result;
}

/** A copy of the prompt in which every seed that is a value, not a link, is this one. Throws GRAPH_SEED_RANGE outside 0 … 2^64-1. */
export function setSeeds(prompt: Prompt, seed: bigint): Prompt {
  if (seed < 0n || seed > LARGEST_SEED) throw new GraphError("GRAPH_SEED_RANGE", "", `The seed ${seed} is not in 0 to ${LARGEST_SEED}`);
  const result: Prompt = {};
  for (const [id, node] of Object.entries(prompt)) {
    const inputs = { ...node.inputs };
    for (const name of SEED_INPUTS) {
      if (Object.hasOwn(inputs, name) && !isLink(inputs[name]))
        inputs[name] = seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed;
    }
    setOwn(result, id, { ...node, inputs });
  }
  return result;
}

/** Names of inputs and of nodes may both hold dots: the first split at which both are there is meant. */
function findInput(prompt: Prompt, target: string, catalog: Catalog): [id: string, input: string] {
  let problem: GraphError | undefined;
  for (let dot = target.indexOf("."); dot >= 0; dot = target.indexOf(".", dot + 1)) {
    const [name, input] = [target.slice(0, dot), target.slice(dot + 1)];
    const id = findNode(prompt, name);
    if (id instanceof GraphError) {
      if (problem?.code !== "GRAPH_SET_INPUT_UNKNOWN") problem = id;
      continue;
    }
    const known = inputNames(prompt[id]!, catalog);
    if (known.includes(input)) return [id, input];
    const near = nearestNames(input, known);
    const has = near.length > 0 ? `nearest: ${near.join(", ")}` : `it has ${known.join(", ") || "none"}`;
    problem = new GraphError(
      "GRAPH_SET_INPUT_UNKNOWN",
      `nodes.${id}`,
      `Node ${quote(id)} (${prompt[id]!.class_type}) has no input ${quote(input)}; ${has}`,
    );
  }
  throw problem!;
}

function findNode(prompt: Prompt, name: string): string | GraphError {
  if (Object.hasOwn(prompt, name)) return name;
  const named = (of: (node: PromptNode) => string | undefined): string[] => Object.keys(prompt).filter((id) => of(prompt[id]!) === name);
  const byTitle = named((node) => node._meta?.title);
  const found = byTitle.length > 0 ? byTitle : named((node) => node.class_type);
  if (found.length === 1) return found[0]!;
  if (found.length > 1) {
    return new GraphError(
      "GRAPH_SET_NODE_AMBIGUOUS",
      "",
      `${quote(name)} fits the nodes ${found.slice(0, 8).join(", ")}; name one by its id`,
    );
  }
  const names = Object.entries(prompt).flatMap(([id, node]) => [id, node._meta?.title ?? id, node.class_type]);
  const near = [...new Set(nearestNames(name, names))];
  return new GraphError(
    "GRAPH_SET_NODE_UNKNOWN",
    "",
    `The graph has no node ${quote(name)}${near.length > 0 ? `; nearest: ${near.join(", ")}` : ""}`,
  );
}

function inputNames(node: PromptNode, catalog: Catalog): string[] {
  return [...new Set([...declaredInputs(node, catalog).map(({ name }) => name), ...Object.keys(node.inputs)])];
}

function declaredInputs(node: PromptNode, catalog: Catalog) {
  const info = Object.hasOwn(catalog, node.class_type) ? catalog[node.class_type] : undefined;
  if (!info) return [];
  return concreteInputs(
    nodeSchema(info).inputs,
    (name) => node.inputs[name],
    (name) => Object.hasOwn(node.inputs, name),
  );
}

function readValue(node: PromptNode, input: string, text: string, catalog: Catalog): JsonValue {
  const kind = declaredInputs(node, catalog).find(({ name }) => name === input)?.kind;
  if (kind === "string") return text;
  try {
    const value = parseJson(text);
    // A combo's option may look like a number.
    return kind === "combo" && typeof value !== "string" && typeof value !== "boolean"
      ? text
      : ((kind && coerceLiteral(kind, value)) ?? value);
  } catch {
    return text;
  }
}
