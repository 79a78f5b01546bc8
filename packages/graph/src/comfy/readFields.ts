import { GraphError } from "../graphError.js";
import type { GraphErrorCode } from "../graphError.js";
import { isJsonObject, quote } from "../json/jsonValue.js";
import type { JsonObject, JsonValue } from "../json/jsonValue.js";

const maxNameLength = 1024;

/** Reads fields of foreign JSON, or throws an error that says where, what was found and what belongs there. */
export class FieldReader {
  private readonly code: GraphErrorCode;

  constructor(code: GraphErrorCode) {
    this.code = code;
  }

  fail(path: string, found: unknown, expected: string): never {
    throw new GraphError(
      this.code,
      path,
      `${path || "The file"} is ${found === undefined ? "missing" : quote(found)}; it must be ${expected}`,
    );
  }

  object(value: JsonValue | undefined, path: string): JsonObject {
    return isJsonObject(value) ? value : this.fail(path, value, "an object");
  }

  array(value: JsonValue | undefined, path: string): JsonValue[] {
    return Array.isArray(value) ? value : this.fail(path, value, "a list");
  }

  /** A list that may be left out or null. */
  optionalArray(value: JsonValue | undefined, path: string): JsonValue[] {
    return value === undefined || value === null ? [] : this.array(value, path);
  }

  string(value: JsonValue | undefined, path: string): string {
    return typeof value === "string" ? value : this.fail(path, value, "a string");
  }

  /** The name of a node's type or of a port. */
  name(value: JsonValue | undefined, path: string): string {
    return typeof value === "string" && value.length <= maxNameLength
      ? value
      : this.fail(path, value, `a string of at most ${maxNameLength} characters`);
  }

  /** An id, given as an integer or a string; returned as a string. */
  id(value: JsonValue | undefined, path: string): string {
    if (typeof value === "string" && value !== "" && value.length <= 256) return value;
    if (typeof value === "number" && Number.isInteger(value)) return String(value);
    return this.fail(path, value, "a whole number or a short string");
  }

  slot(value: JsonValue | undefined, path: string): number {
    const slot = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    return typeof slot === "number" && Number.isInteger(slot) && slot >= 0 ? slot : this.fail(path, value, "a slot number from 0");
  }

  /** Numbers as a list or, as old files have them, as an object with the keys "0", "1", …; undefined if they are not all there. */
  numbers(value: JsonValue | undefined, count: number): number[] | undefined {
    const list = isJsonObject(value) ? Array.from({ length: count }, (_, i) => value[String(i)]) : value;
    if (!Array.isArray(list) || list.length < count) return undefined;
    const numbers = list.slice(0, count);
    return numbers.every((n): n is number => typeof n === "number" && Number.isFinite(n)) ? numbers : undefined;
  }
}

/** An id as text, or undefined for what cannot be one. */
export function idText(value: JsonValue | undefined): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" && value.length <= 256 ? value : undefined;
}

/** A copy of an object without some keys; undefined when nothing is left. */
export function withoutKeys(object: JsonObject, keys: ReadonlySet<string>): JsonObject | undefined {
  const rest = Object.fromEntries(Object.entries(object).filter(([key]) => !keys.has(key)));
  return Object.keys(rest).length > 0 ? rest : undefined;
}
