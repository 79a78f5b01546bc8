import type { InputSection, InputSpec, JsonObject, NodeInfo } from "@patchbay/graph";
import type { FileSource, InputDeclaration } from "./inputs.js";
import { NodeError } from "./nodeError.js";
import type { NodeContext } from "./nodeContext.js";
import type { ValueType, ValueTypes } from "./values.js";

type InputDeclarations = Readonly<Record<string, InputDeclaration<unknown>>>;
type InputValues<Inputs extends InputDeclarations> = {
  readonly [Name in keyof Inputs]: Inputs[Name] extends InputDeclaration<infer Value> ? Value : never;
};
/** "IMAGE[]" is a list of pictures: what it feeds runs once for each. */
type OutputType = ValueType | `${ValueType}[]`;
type OutputTypes = Readonly<Record<string, OutputType>>;
type OutputValue<Type> = Type extends ValueType
  ? ValueTypes[Type]
  : Type extends `${infer Item extends ValueType}[]`
    ? readonly ValueTypes[Item][]
    : never;
/** An output may have nothing to give: a checkpoint without a text encoder. What needs it then fails. */
type OutputValues<Outputs extends OutputTypes> = { readonly [Name in keyof Outputs]: OutputValue<Outputs[Name]> | undefined };

/** A node's declaration and what it does, in one place. */
export interface NodeDeclaration<Inputs extends InputDeclarations, Outputs extends OutputTypes> {
  /** The name in graph files: `class_type`. */
  readonly type: string;
  readonly displayName: string;
  /** The place in the menu, which is the file's path. */
  readonly category: string;
  /** One or two sentences for people who meet the node in the editor. */
  readonly description: string;
  /** The module of ComfyUI that has this node; "nodes" by default. */
  readonly module?: string;
  /** Inputs in display order: those that may be left alone come last. */
  readonly inputs: Inputs;
  /** Name → type, in slot order. */
  readonly outputs: Outputs;
  /** Hidden inputs that clients look for in `/object_info`. */
  readonly hidden?: Readonly<Record<string, string>>;
  /** It writes something: it and what it needs are what a run runs. */
  readonly isOutputNode?: boolean;
  readonly deprecated?: boolean;
  /** What it does may still change. */
  readonly experimental?: boolean;
  /**
   * Computes the outputs. Pure but for what it tells the context: inputs are never changed, equal inputs give equal outputs.
   */
  readonly run: (inputs: InputValues<Inputs>, context: NodeContext) => OutputValues<Outputs> | Promise<OutputValues<Outputs>>;
}

/** A node as the catalog and the executor see it. */
export interface Node {
  readonly type: string;
  readonly inputs: InputDeclarations;
  readonly outputs: readonly { readonly name: string; readonly type: ValueType; readonly isList: boolean }[];
  readonly isOutputNode: boolean;
  /** The `/object_info` entry; `listFiles` gives the values of combos that list files, which are left open without it. */
  readonly info: (listFiles?: (source: FileSource) => readonly string[]) => NodeInfo;
  /**
   * Runs it on raw values by input name; returns its outputs in slot order.
   * @throws NODE_INPUT_MISSING, NODE_INPUT_TYPE, NODE_INPUT_RANGE, NODE_INPUT_CHOICE and whatever the node itself throws
   */
  readonly run: (inputs: Readonly<Record<string, unknown>>, context: NodeContext) => Promise<readonly unknown[]>;
}

/** Makes a node of its declaration; the types of `run`'s inputs and outputs follow from it. */
export function defineNode<const Inputs extends InputDeclarations, const Outputs extends OutputTypes>(
  declaration: NodeDeclaration<Inputs, Outputs>,
): Node {
  const { type, inputs, run } = declaration;
  const outputs = Object.entries(declaration.outputs).map(([name, output]) => ({ name, ...splitList(output) }));
  return {
    type,
    inputs,
    outputs,
    isOutputNode: declaration.isOutputNode ?? false,
    info: (listFiles) => nodeInfo(declaration, outputs, listFiles),
    async run(raw, context) {
      const values = await run(readInputs(inputs, raw), context);
      return outputs.map(({ name }) => values[name]);
    },
  };
}

function splitList(output: OutputType): { type: ValueType; isList: boolean } {
  const isList = output.endsWith("[]");
  return { type: (isList ? output.slice(0, -2) : output) as ValueType, isList };
}

function readInputs<Inputs extends InputDeclarations>(inputs: Inputs, raw: Readonly<Record<string, unknown>>): InputValues<Inputs> {
  const values = Object.entries(inputs).map(([name, input]) => {
    const isGiven = Object.hasOwn(raw, name) && raw[name] !== undefined;
    if (!isGiven && input.isOptional) return [name, undefined];
    if (!isGiven)
      throw new NodeError(
        "NODE_INPUT_MISSING",
        `"${name}" has no value: ${Object.hasOwn(raw, name) ? `the linked output gives none, link another of type ${input.type}` : `give one or link an output of type ${input.type} to it`}`,
      );
    return [name, input.read(raw[name], name)];
  });
  return Object.fromEntries(values) as InputValues<Inputs>;
}

function nodeInfo(
  declaration: Omit<NodeDeclaration<InputDeclarations, OutputTypes>, "run">,
  outputs: Node["outputs"],
  listFiles: ((source: FileSource) => readonly string[]) | undefined,
): NodeInfo {
  const { inputs, hidden, module = "nodes" } = declaration;
  const [required, optional] = [false, true].map((wanted) =>
    Object.fromEntries(
      Object.entries(inputs)
        .filter(([, { isOptional = false }]) => isOptional === wanted)
        .map(([name, input]) => [name, inputSpec(input, module, listFiles)]),
    ),
  ) as [InputSection, InputSection];
  const sections = { required, ...(Object.keys(optional).length > 0 && { optional }), ...(hidden && { hidden }) };
  return {
    input: sections,
    input_order: Object.fromEntries(Object.entries(sections).map(([name, section]) => [name, Object.keys(section)])),
    is_input_list: false,
    output: outputs.map(({ type }) => type),
    output_is_list: outputs.map(({ isList }) => isList),
    output_name: outputs.map(({ name }) => name),
    name: declaration.type,
    display_name: declaration.displayName,
    description: declaration.description,
    python_module: module,
    category: declaration.category,
    output_node: declaration.isOutputNode ?? false,
    ...(declaration.deprecated && { deprecated: true }),
    ...(declaration.experimental && { experimental: true }),
  };
}

/** Nodes of ComfyUI's "nodes" module state a combo as the list of its values, later ones as the type "COMBO"; clients read both. */
function inputSpec(
  { type, options, values, files }: InputDeclaration<unknown>,
  module: string,
  listFiles: ((source: FileSource) => readonly string[]) | undefined,
): InputSpec {
  const known = values ?? (files && listFiles?.(files));
  if (known && module === "nodes") return Object.keys(options).length > 0 ? [[...known], options] : [[...known]];
  const open: JsonObject = files?.kind === "models" ? { options_from_folder: [files.folder] } : {};
  const all: JsonObject = { ...options, ...(known ? { options: [...known] } : open) };
  return Object.keys(all).length > 0 ? [type, all] : [type];
}
