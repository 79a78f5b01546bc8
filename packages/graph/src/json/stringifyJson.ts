import { GraphError } from "../graphError.js";
import { defaultLimits } from "../limits.js";
import type { JsonValue } from "./jsonValue.js";

export interface StringifyJsonOptions {
  /** Spaces per level; 0 (default) puts everything on one line. */
  readonly indent?: number;
  /** Escapes everything beyond ASCII as \uXXXX, as PNG `tEXt` needs and Python does by default. */
  readonly ascii?: boolean;
  /** Writes ", " and ": " on one line, as Python's `json.dumps` does by default, and NaN and Infinity as Python does. */
  readonly python?: boolean;
  /** Sorts object keys by UTF-16 code units: one text for equal values, for hashing. */
  readonly sortKeys?: boolean;
}

/**
 * Serialises what `parseJson` returns so that reading it back gives the same value: a BigInt as its digits, a double beyond 2^53 with an
 * exponent (bare digits would come back as a BigInt), -0 as "-0". A property whose value is `undefined` is left out.
 * Throws GraphError: GRAPH_JSON_UNSERIALIZABLE for NaN, infinities (unless `python`), functions and other non-JSON;
 * GRAPH_TOO_DEEP beyond 512 levels (and so for circular values).
 */
export function stringifyJson(value: JsonValue, options: StringifyJsonOptions = {}): string {
  const parts: string[] = [];
  new Writer(parts, options).write(value, 0);
  return parts.join("");
}

class Writer {
  private readonly parts: string[];
  private readonly options: StringifyJsonOptions;
  private readonly comma: string;
  private readonly colon: string;

  constructor(parts: string[], options: StringifyJsonOptions) {
    this.parts = parts;
    this.options = options;
    const spaced = options.python === true || (options.indent ?? 0) > 0;
    this.comma = spaced && !options.indent ? ", " : ",";
    this.colon = spaced ? ": " : ":";
  }

  write(value: unknown, depth: number): void {
    switch (typeof value) {
      case "string":
        this.parts.push(this.string(value));
        return;
      case "number":
        this.parts.push(this.number(value));
        return;
      case "bigint":
        this.parts.push(value.toString());
        return;
      case "boolean":
        this.parts.push(value ? "true" : "false");
        return;
      case "object":
        if (value === null) this.parts.push("null");
        else this.container(value, depth);
        return;
      default:
        throw new GraphError("GRAPH_JSON_UNSERIALIZABLE", "", `A value of type ${typeof value} has no JSON form`);
    }
  }

  private container(value: object, depth: number): void {
    if (depth >= defaultLimits.maxDepth) {
      throw new GraphError(
        "GRAPH_TOO_DEEP",
        "",
        `A value nested deeper than ${defaultLimits.maxDepth} levels (or circular) cannot be written as JSON`,
      );
    }
    const isArray = Array.isArray(value);
    let keys: string[] | undefined;
    if (!isArray) {
      keys = Object.keys(value).filter((key) => (value as Record<string, unknown>)[key] !== undefined);
      if (this.options.sortKeys) keys.sort();
    }
    const count = keys ? keys.length : (value as unknown[]).length;
    this.parts.push(isArray ? "[" : "{");
    for (let i = 0; i < count; i++) {
      if (i > 0) this.parts.push(this.comma);
      this.newline(depth + 1);
      if (keys) {
        const key = keys[i] as string;
        this.parts.push(this.string(key), this.colon);
        this.write((value as Record<string, unknown>)[key], depth + 1);
      } else {
        this.write((value as unknown[])[i], depth + 1);
      }
    }
    if (count > 0) this.newline(depth);
    this.parts.push(isArray ? "]" : "}");
  }

  private newline(depth: number): void {
    if (this.options.indent) this.parts.push("\n", " ".repeat(this.options.indent * depth));
  }

  private string(value: string): string {
    const text = JSON.stringify(value);
    if (!this.options.ascii) return text;
    return text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  }

  private number(value: number): string {
    if (Number.isFinite(value)) {
      if (Object.is(value, -0)) return "-0";
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
    }
    if (!this.options.python) {
      throw new GraphError("GRAPH_JSON_UNSERIALIZABLE", "", `${value} has no JSON form; use a finite number`);
    }
    return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  }
}
