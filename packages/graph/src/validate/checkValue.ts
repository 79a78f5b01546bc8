import type { GraphErrorCode } from "../graphError.js";
import { jsonEqual, quote, type JsonValue } from "../json/jsonValue.js";
import type { InputSchema } from "../schema/nodeSchema.js";
import { coerceLiteral } from "./coerceLiteral.js";
import type { NameHints } from "./nearestNames.js";

/** What a literal becomes, or what is wrong with it. */
export type CheckedValue = { readonly value: JsonValue } | { readonly code: GraphErrorCode; readonly message: string };

const wantedType: Partial<Record<InputSchema["kind"], string>> = {
  int: "an integer",
  float: "a number",
  string: "text",
  boolean: "true or false",
};

/** Checks a literal against its input: type (with ComfyUI's coercions), bounds, options. */
export function checkValue(input: InputSchema, literal: JsonValue, hints: NameHints): CheckedValue {
  if (input.kind === "link") {
    return { code: "GRAPH_VALUE_TYPE", message: `${quote(literal)} is a value; the input takes only a link of type ${input.type}` };
  }
  const value = coerceLiteral(input.kind, literal);
  if (value === undefined) return { code: "GRAPH_VALUE_TYPE", message: `${quote(literal)} is not ${wantedType[input.kind] ?? input.type}` };
  if (typeof value === "number" || typeof value === "bigint") {
    if (input.min !== undefined && value < input.min) {
      return { code: "GRAPH_VALUE_TOO_SMALL", message: `${quote(literal)} is below the least value, ${input.min}` };
    }
    if (input.max !== undefined && value > input.max) {
      return { code: "GRAPH_VALUE_TOO_LARGE", message: `${quote(literal)} is above the largest value, ${input.max}` };
    }
  }
  const options = input.options ?? input.choices?.map(({ key }) => key);
  if (!options) return { value };
  const chosen = input.multiselect && Array.isArray(value) ? value : [value];
  const wrong = chosen.find((each) => !options.some((option) => jsonEqual(option, each)));
  return wrong === undefined
    ? { value }
    : { code: "GRAPH_VALUE_NOT_AN_OPTION", message: `${quote(wrong)} is not one of the options${hint(wrong, options, hints)}` };
}

/** The options that may have been meant, or all where they are few. */
function hint(wrong: JsonValue, options: readonly JsonValue[], hints: NameHints): string {
  const list = (values: readonly JsonValue[]): string => values.map((value) => quote(value)).join(", ");
  if (options.length === 0) return ": there is none to choose from";
  if (options.length <= 8) return `: ${list(options)}`;
  const near = hints.nearest(
    quote(wrong),
    options.map((option) => quote(option)),
  );
  return near.length > 0 ? `; nearest: ${near.join(", ")}` : `, of which there are ${options.length}, such as ${list(options.slice(0, 3))}`;
}
