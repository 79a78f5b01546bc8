import type { JsonValue } from "../json/jsonValue.js";
import type { InputSchema } from "./nodeSchema.js";

/** How deep choices may bring choices; the deepest node known has 3. */
const maxNesting = 16;

/**
 * The inputs that a node has with the values it holds, in display order: each dynamic combo is followed by the inputs of its choice, each
 * autogrow family is replaced by its children that are required or present.
 */
export function concreteInputs(
  inputs: readonly InputSchema[],
  valueOf: (name: string) => JsonValue | undefined,
  has: (name: string) => boolean,
  depth = 0,
): InputSchema[] {
  const concrete: InputSchema[] = [];
  for (const input of inputs) {
    if (input.children) {
      const { names, min, input: child } = input.children;
      names.forEach((name, i) => {
        if (i < min || has(name)) concrete.push({ ...child, name, required: i < min });
      });
      continue;
    }
    concrete.push(input);
    if (input.choices && depth < maxNesting) {
      const value = valueOf(input.name);
      const chosen = input.choices.find((choice) => choice.key === value);
      if (chosen) concrete.push(...concreteInputs(chosen.inputs, valueOf, has, depth + 1));
    }
  }
  return concrete;
}
