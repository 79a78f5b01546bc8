import type { InputSchema, JsonValue } from "@patchbay/graph";
import { EditorError } from "./editorError.js";

/**
 * A value as its input can hold it: integers whole, within their bounds and on their step (counted from the least value; 64-bit seeds exactly,
 * as BigInt where a double cannot hold them), other numbers within their bounds and rounded as the catalog says, the rest as given.
 * Throws EditorError: EDITOR_VALUE_INVALID for a value of another kind.
 */
export function fieldValue(input: InputSchema, value: JsonValue): JsonValue {
  switch (input.kind) {
    case "int":
      return integer(input, value);
    case "float":
      return float(input, value);
    case "boolean":
      if (typeof value === "boolean") return value;
      return fail(input, value, "true or false");
    case "string":
      if (typeof value === "string") return value;
      if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
      return fail(input, value, "text");
    case "combo":
      // Whether it is among the options is for validation to say: lists of files change.
      if (input.multiselect ? Array.isArray(value) : typeof value !== "object") return value;
      return fail(input, value, input.multiselect ? "a list of its options" : "one of its options");
    case "dynamicCombo":
      if (input.choices?.some(({ key }) => key === value)) return value;
      return fail(input, value, `one of ${(input.choices ?? []).map(({ key }) => JSON.stringify(key)).join(", ")}`);
    case "custom":
      return value;
    case "link":
    case "autogrow":
      return fail(input, value, "a wire");
  }
}

function integer(input: InputSchema, value: JsonValue): number | bigint {
  let whole: bigint;
  if (typeof value === "bigint") whole = value;
  else if (typeof value === "number" && Number.isFinite(value)) whole = BigInt(Math.round(value));
  else if (typeof value === "string" && /^[+-]?\d{1,400}$/.test(value.trim())) whole = BigInt(value.trim().replace(/^\+/, ""));
  else return fail(input, value, "a whole number");
  const min = bound(input.min, Math.ceil);
  const max = bound(input.max, Math.floor);
  const step = bound(input.step, Math.round) ?? 1n;
  if (min !== undefined && whole < min) whole = min;
  if (max !== undefined && whole > max) whole = max;
  if (step > 1n) {
    const from = min ?? 0n;
    // Floor division, so that it works below the origin as well.
    const shifted = whole - from + step / 2n;
    const steps = shifted >= 0n ? shifted / step : -((-shifted + step - 1n) / step);
    whole = from + steps * step;
    if (max !== undefined && whole > max) whole -= step;
  }
  return narrow(whole);
}

function bound(value: number | bigint | undefined, round: (value: number) => number): bigint | undefined {
  if (typeof value !== "number") return value;
  return Number.isFinite(value) ? BigInt(round(value)) : undefined;
}

/** Integers that a double holds exactly are numbers, as the JSON codec gives them. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function float(input: InputSchema, value: JsonValue): number {
  const given = typeof value === "bigint" ? Number(value) : typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof given !== "number" || !Number.isFinite(given)) return fail(input, value, "a number");
  const { round } = input.spec;
  // 15 digits are what a double keeps of a decimal: they take away the noise of the multiplication.
  const rounded = typeof round === "number" && round > 0 ? Number((Math.round(given / round) * round).toPrecision(15)) : given;
  const least = input.min === undefined ? rounded : Math.max(rounded, Number(input.min));
  return input.max === undefined ? least : Math.min(least, Number(input.max));
}

function fail(input: InputSchema, value: JsonValue, wanted: string): never {
  const shown =
    typeof value === "object" ? "a list or an object" : typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : String(value);
  throw new EditorError("EDITOR_VALUE_INVALID", `${JSON.stringify(input.name)} cannot hold ${shown}; it takes ${wanted}`);
}
