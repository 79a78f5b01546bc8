import { concreteInputs, getOwn, portKeys, widgetDefault } from "@patchbay/graph";
import type { DocumentNode, InputSchema, JsonValue, NodeSchema } from "@patchbay/graph";
import type { CardInput, CardPorts } from "../card.js";
import { shownType, slotText } from "./plainInput.js";

/** What a schema's inputs may bring beyond themselves, at any depth of choices. */
interface Extras {
  /** The choice that a dynamic combo makes when it has no value. */
  readonly firstChoices: ReadonlyMap<string, JsonValue>;
  /** The names of the children of each autogrow family. */
  readonly families: readonly (readonly string[])[];
}

const known = new WeakMap<NodeSchema, Extras>();

function extrasOf(schema: NodeSchema): Extras {
  let extras = known.get(schema);
  if (!extras) {
    const firstChoices = new Map<string, JsonValue>();
    const families: (readonly string[])[] = [];
    const collect = (inputs: readonly InputSchema[]): void => {
      for (const input of inputs) {
        if (input.children) families.push(input.children.names);
        if (input.choices) firstChoices.set(input.name, widgetDefault(input));
        for (const choice of input.choices ?? []) collect(choice.inputs);
      }
    };
    collect(schema.inputs);
    extras = { firstChoices, families };
    known.set(schema, extras);
  }
  return extras;
}

/**
 * The inputs that a node of the catalog has with its values and edges: dynamic combos followed by the inputs of their choice, of an autogrow
 * family those up to one beyond the last in use, so that there always is one to grow by.
 */
export function inputsOfNode(schema: NodeSchema, node: Pick<DocumentNode, "inputs">, isLinked: (name: string) => boolean): InputSchema[] {
  const { firstChoices, families } = extrasOf(schema);
  const shown = new Set<string>();
  for (const names of families) {
    let last = names.length - 1;
    while (last >= 0 && !isLinked(names[last] as string) && !Object.hasOwn(node.inputs, names[last] as string)) last--;
    for (const name of names.slice(0, last + 2)) shown.add(name);
  }
  return concreteInputs(
    schema.inputs,
    (name) => getOwn(node.inputs, name) ?? firstChoices.get(name),
    (name) => shown.has(name),
  );
}

/** The ports of a node that the catalog knows. */
export function catalogPorts(schema: NodeSchema, node: DocumentNode, isLinked: (name: string) => boolean): CardPorts {
  const slots = new Map((node.comfy?.inputs ?? []).map((slot) => [slotText(slot, "name"), slot]));
  const outputKeys = portKeys(schema.outputs.map(({ name }) => name));
  return {
    inputs: inputsOfNode(schema, node, isLinked).map((input) => ({
      key: input.name,
      label: slotText(slots.get(input.name), "label") ?? inputLabel(input),
      type: shownType(input.type),
      kind: input.kind,
      schema: input,
      value: inputValue(input, getOwn(node.inputs, input.name)),
    })),
    outputs: schema.outputs.map(({ name, type }, slot) => ({
      key: outputKeys[slot] as string,
      label: slotText(node.comfy?.outputs?.[slot], "label") ?? (name === "" ? type : name),
      type: shownType(type),
    })),
  };
}

/** What a card calls an input: the name the catalog gives people, else the last part of its own. */
export function inputLabel({ name, spec }: InputSchema): string {
  return slotText(spec, "display_name") ?? name.slice(name.lastIndexOf(".") + 1);
}

/** The value of an input: its own, else the one that a run fills in. A file that happens to be there is never filled in. */
export function inputValue(input: InputSchema, own: JsonValue | undefined): CardInput["value"] {
  if (own !== undefined || input.kind === "link") return own;
  const filled = input.default ?? input.choices?.[0]?.key;
  if (filled !== undefined || !input.required) return filled;
  const listsFiles = input.upload !== undefined || "options_from_folder" in input.spec || "options_from_directory" in input.spec;
  return listsFiles ? undefined : input.options?.[0];
}
