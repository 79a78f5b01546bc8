import {
  concreteInputs,
  getOwn,
  isLink,
  nodeSchema,
  typesMatch,
  unwrapLiteral,
  type Catalog,
  type InputSchema,
  type JsonValue,
  type Prompt,
  type PromptLink,
} from "@patchbay/graph";
import { checkLiteral } from "./checkLiteral.js";
import { findCircle } from "./findCircle.js";
import { quote } from "./quote.js";

/** Something that keeps a prompt from being run. */
export interface RunProblem {
  readonly code: string;
  /** "ID", or "ID.inputs.NAME" for an input; "" for the whole. */
  readonly path: string;
  readonly message: string;
}

/** Known nodes: those that can be run here, and those that are only known to exist. */
export interface KnownNodes {
  readonly runnable: Catalog;
  readonly known: Catalog;
}

/**
 * Everything that is wrong with a prompt, at once. Nodes of unknown types are reported wherever they are; inputs are checked on the nodes that
 * an output needs, as only those run. As in ComfyUI a required input without a value is an error even where it has a default.
 */
export function validatePrompt(prompt: Prompt, { runnable, known }: KnownNodes): RunProblem[] {
  const problems: RunProblem[] = [];
  for (const [id, { class_type: type }] of Object.entries(prompt)) {
    if (getOwn(runnable, type)) continue;
    const message = getOwn(known, type)
      ? `The node ${quote(type)} of ComfyUI is not there in Patchbay yet: use another, or take it out`
      : `There is no node ${quote(type)}${similar(type, runnable)}`;
    problems.push({ code: "GRAPH_NODE_UNKNOWN", path: id, message });
  }
  const outputs = Object.keys(prompt).filter((id) => getOwn(runnable, prompt[id]!.class_type)?.output_node);
  if (outputs.length === 0)
    problems.push({
      code: "GRAPH_NO_OUTPUT",
      path: "",
      message: "The graph saves nothing: it needs a node such as SaveImage or PreviewImage",
    });
  const needed = ancestors(prompt, outputs);
  for (const id of needed) problems.push(...nodeProblems(id, prompt, runnable));
  const circle = findCircle(prompt, needed);
  if (circle) {
    const message = `The links of the nodes ${circle.map(quote).join(" → ")} run in a circle: take one of them out`;
    problems.push({ code: "GRAPH_CYCLE", path: circle[0]!, message });
  }
  return problems;
}

/** Output nodes and all nodes they are linked to, as far as these are there; in the prompt's order. */
function ancestors(prompt: Prompt, outputs: readonly string[]): string[] {
  const found = new Set(outputs);
  const stack = [...outputs];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    for (const value of Object.values(prompt[id]!.inputs)) {
      if (!isLink(value) || found.has(value[0]) || !Object.hasOwn(prompt, value[0])) continue;
      found.add(value[0]);
      stack.push(value[0]);
    }
  }
  return Object.keys(prompt).filter((id) => found.has(id));
}

function nodeProblems(id: string, prompt: Prompt, runnable: Catalog): RunProblem[] {
  const { class_type: type, inputs } = prompt[id]!;
  const info = getOwn(runnable, type);
  if (!info) return [];
  const literal = (name: string): JsonValue | undefined => {
    const value = getOwn(inputs, name);
    return value === undefined || isLink(value) ? undefined : unwrapLiteral(value);
  };
  const declared = concreteInputs(nodeSchema(info).inputs, literal, (name) => Object.hasOwn(inputs, name));
  return declared.flatMap((input) => {
    const value = getOwn(inputs, input.name);
    const found =
      value === undefined
        ? missing(input)
        : isLink(value)
          ? linkProblem(value, input, prompt, runnable)
          : checkLiteral(unwrapLiteral(value), input);
    return found ? [{ code: found.code, path: `${id}.inputs.${input.name}`, message: `${type}: ${found.message}` }] : [];
  });
}

/** What is wrong with one input. */
export interface InputProblem {
  readonly code: string;
  readonly message: string;
}

function missing({ name, type, required, kind, ...input }: InputSchema): InputProblem | undefined {
  if (!required) return undefined;
  const right =
    kind === "link"
      ? `link an output of type ${type} to it`
      : input.default === undefined
        ? "give it one"
        : `its default is ${quote(input.default)}`;
  return { code: "GRAPH_INPUT_MISSING", message: `"${name}" has no value: ${right}` };
}

function linkProblem([origin, slot]: PromptLink, { name, type }: InputSchema, prompt: Prompt, runnable: Catalog): InputProblem | undefined {
  const node = getOwn(prompt, origin);
  if (!node)
    return { code: "GRAPH_LINK_ORIGIN", message: `"${name}" is linked to the node ${quote(origin)}, which the graph doesn't have` };
  const info = getOwn(runnable, node.class_type);
  if (!info) return undefined;
  const { outputs } = nodeSchema(info);
  const output = Number.isInteger(slot) ? outputs[slot] : undefined;
  if (!output) {
    const has = outputs.length === 1 ? "only output 0" : `outputs 0 to ${outputs.length - 1}`;
    return {
      code: "GRAPH_LINK_SLOT",
      message: `"${name}" is linked to output ${slot} of node ${quote(origin)}: ${node.class_type} has ${has}`,
    };
  }
  if (typesMatch(output.type, type)) return undefined;
  return {
    code: "GRAPH_LINK_TYPE",
    message: `"${name}" takes ${type}, but output ${slot} of node ${quote(origin)} (${node.class_type}) gives ${output.type}: link one that gives ${type}`,
  };
}

/** A hint where the name was only written in another way. */
function similar(type: string, runnable: Catalog): string {
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const found = Object.keys(runnable).find((name) => plain(name) === plain(type));
  return found ? `: it is called ${quote(found)}` : ": `patchbay nodes` lists those there are";
}
