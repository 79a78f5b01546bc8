/** What `parseJson` returns: JSON with integers beyond ±(2^53-1) as BigInt. */
export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonObject;

export interface JsonObject {
  [key: string]: JsonValue;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `record[key]` for own keys only: a node called "constructor" is not the one every object inherits. */
export function getOwn<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Sets an own property even when the key is `__proto__`. */
export function setOwn<T>(record: Record<string, T>, key: string, value: T): void {
  if (key === "__proto__") Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
  else record[key] = value;
}

/** Shows a value in a message: JSON-like, cut to `max` characters, never throwing. */
export function quote(value: unknown, max = 80): string {
  const text = show(value, 0);
  return text.length > max ? `${text.slice(0, max - 1)}…` : text;
}

function show(value: unknown, depth: number): string {
  if (typeof value === "string") return JSON.stringify(value.length > 200 ? value.slice(0, 200) : value);
  if (typeof value !== "object" || value === null) return String(value);
  if (depth > 2) return "…";
  if (Array.isArray(value))
    return `[${value
      .slice(0, 8)
      .map((item) => show(item, depth + 1))
      .join(", ")}${value.length > 8 ? ", …" : ""}]`;
  const keys = Object.keys(value).slice(0, 8);
  return `{${keys.map((key) => `${JSON.stringify(key)}: ${show((value as Record<string, unknown>)[key], depth + 1)}`).join(", ")}}`;
}

/** Equality of JSON values; 1 and 1n are equal, key order does not matter. Depth is bounded by the codec's depth limit. */
export function jsonEqual(a: JsonValue, b: JsonValue): boolean {
  if (Object.is(a, b)) return true;
  if ((typeof a === "bigint" || typeof b === "bigint") && (typeof a === "number" || typeof b === "number")) return a == b;
  if (typeof a === "number" && typeof b === "number") return a === b;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => jsonEqual(item, b[i] as JsonValue));
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && jsonEqual(a[key] as JsonValue, b[key] as JsonValue))
  );
}
