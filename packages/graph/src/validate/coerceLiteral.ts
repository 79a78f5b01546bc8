import type { JsonValue } from "../json/jsonValue.js";
import type { InputKind } from "../schema/nodeSchema.js";

/** Digits as Python's int() and float() read them: blanks around, underscores between digits. */
const pythonInteger = /^\s*[+-]?\d+(?:_\d+)*\s*$/;
const pythonFloat = /^\s*[+-]?(?:(?:\d+(?:_\d+)*)?\.?\d+(?:_\d+)*\.?(?:e[+-]?\d+(?:_\d+)*)?|inf(?:inity)?|nan)\s*$/i;

/**
 * A literal as the node gets it: ComfyUI turns widget values into their type with Python's int(), float(), str() and bool(), so "20"
 * is a number of steps and 20.7 is 20. Undefined when there is no such value. Kinds without a type of their own keep the value.
 */
export function coerceLiteral(kind: InputKind, value: JsonValue): JsonValue | undefined {
  switch (kind) {
    case "int":
      return toInteger(value);
    case "float":
      return toFloat(value);
    case "string":
      return typeof value === "string" ? value : toText(value);
    case "boolean":
      return toBoolean(value);
    default:
      return value;
  }
}

function toInteger(value: JsonValue): number | bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return Number.isFinite(value) ? narrow(BigInt(Math.trunc(value))) : undefined;
  if (typeof value === "string" && pythonInteger.test(value) && value.length < 1000)
    return narrow(BigInt(value.replaceAll("_", "").trim().replace(/^\+/, "")));
  return undefined;
}

/** Small integers are numbers here, as the JSON codec gives them. */
function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function toFloat(value: JsonValue): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "string" || !pythonFloat.test(value)) return undefined;
  const text = value.replaceAll("_", "").trim().toLowerCase();
  if (text.includes("nan")) return Number.NaN;
  if (text.includes("inf")) return text.startsWith("-") ? -Infinity : Infinity;
  return Number(text);
}

function toText(value: JsonValue): string | undefined {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  return undefined;
}

function toBoolean(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
