import { getOwn, GraphError, nodeSchema, setOwn, type Catalog, type InputSchema, type JsonValue, type Prompt } from "@patchbay/graph";

/** Inputs that hold a seed, by name. */
const seedNames = new Set(["seed", "noise_seed"]);
const MAX_SEED = 2n ** 64n - 1n;

/**
 * A copy of a prompt with some inputs set. Each override is NODE.INPUT=VALUE; NODE is a node's id, else its title, else its type where only
 * one node has it. A link to the input is replaced.
 * @throws GRAPH_SET_SYNTAX, GRAPH_SET_NODE_UNKNOWN, GRAPH_SET_NODE_AMBIGUOUS, GRAPH_SET_INPUT_UNKNOWN
 */
export function applyOverrides(prompt: Prompt, overrides: readonly string[], catalog: Catalog): Prompt {
  if (overrides.length === 0) return prompt;
  const copy = { ...prompt };
  for (const override of overrides) {
    const { id, input, text } = readOverride(override, prompt, catalog);
    setInput(copy, id, input.name, valueOf(text, input));
  }
  return copy;
}

/** A copy of a prompt whose seeds are all this one. @throws GRAPH_SEED_RANGE, GRAPH_SET_INPUT_UNKNOWN when there is none */
export function applySeed(prompt: Prompt, text: string, catalog: Catalog): Prompt {
  const seed = /^\d{1,20}$/.test(text) ? BigInt(text) : -1n;
  if (seed < 0n || seed > MAX_SEED)
    throw new GraphError("GRAPH_SEED_RANGE", "", `--seed is "${text}": it must be a whole number from 0 to ${MAX_SEED}`);
  const copy = { ...prompt };
  let found = false;
  for (const [id, { class_type: type }] of Object.entries(prompt)) {
    for (const { name, kind } of inputsOf(type, catalog)) {
      if (kind !== "int" || !seedNames.has(name)) continue;
      setInput(copy, id, name, seed);
      found = true;
    }
  }
  if (!found) throw new GraphError("GRAPH_SET_INPUT_UNKNOWN", "", "--seed has nothing to set: no node of the graph has a seed");
  return copy;
}

function readOverride(override: string, prompt: Prompt, catalog: Catalog): { id: string; input: InputSchema; text: string } {
  const equals = override.indexOf("=");
  const key = override.slice(0, Math.max(0, equals));
  // Titles and inputs may hold dots: every one of them is tried as the border.
  const borders = [...key.matchAll(/\./g)].map(({ index }) => index).filter((at) => at > 0 && at < key.length - 1);
  if (borders.length === 0) {
    throw new GraphError(
      "GRAPH_SET_SYNTAX",
      "",
      `--set is "${override}": it must be NODE.INPUT=VALUE, such as 3.seed=42 or KSampler.steps=20`,
    );
  }
  let problem: GraphError | undefined;
  for (const border of borders) {
    const [node, name] = [key.slice(0, border), key.slice(border + 1)];
    const id = findNode(node, prompt);
    if (id instanceof GraphError) {
      problem ??= id;
      continue;
    }
    const type = prompt[id]!.class_type;
    const inputs = inputsOf(type, catalog);
    const input = inputs.find((each) => each.name === name && each.kind !== "link");
    if (input) return { id, input, text: override.slice(equals + 1) };
    const there = inputs.filter(({ kind }) => kind !== "link").map((each) => each.name);
    problem = new GraphError(
      "GRAPH_SET_INPUT_UNKNOWN",
      id,
      `--set "${key}": ${type} has no input "${name}" to set; it has ${there.join(", ") || "none"}`,
    );
  }
  throw problem!;
}

function findNode(name: string, prompt: Prompt): string | GraphError {
  if (Object.hasOwn(prompt, name)) return name;
  for (const of of [(id: string) => prompt[id]!._meta?.title, (id: string) => prompt[id]!.class_type]) {
    const [first, ...more] = Object.keys(prompt).filter((id) => of(id) === name);
    if (first === undefined) continue;
    if (more.length === 0) return first;
    const ids = [first, ...more].slice(0, 8).join(", ");
    return new GraphError("GRAPH_SET_NODE_AMBIGUOUS", "", `--set "${name}": several nodes are called so; say which by its id: ${ids}`);
  }
  return new GraphError("GRAPH_SET_NODE_UNKNOWN", "", `--set "${name}": the graph has no node with this id, title or type`);
}

function inputsOf(type: string, catalog: Catalog): readonly InputSchema[] {
  const info = getOwn(catalog, type);
  return info ? nodeSchema(info).inputs : [];
}

/** The text as the input's kind; what doesn't fit stays text, for validation to name. */
function valueOf(text: string, { kind, options }: InputSchema): JsonValue {
  switch (kind) {
    case "int":
      return /^[+-]?\d{1,40}$/.test(text.trim()) ? narrow(BigInt(text.trim().replace("+", ""))) : text;
    case "float":
      return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
    case "boolean":
      return /^(true|yes|on|1)$/i.test(text) ? true : /^(false|no|off|0)$/i.test(text) ? false : text;
    case "combo":
      return options?.find((option) => String(option) === text) ?? text;
    default:
      return text;
  }
}

function narrow(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** Sets an input of a node in a prompt that is a copy already; the node itself is copied. */
function setInput(copy: Prompt, id: string, name: string, value: JsonValue): void {
  const inputs = { ...copy[id]!.inputs };
  setOwn(inputs, name, value);
  setOwn(copy, id, { ...copy[id]!, inputs });
}
