import { isJsonObject, type JsonValue } from "@patchbay/graph";

/** A JSON value as Python's `str()` writes it: texts as they are, True, None, and lists and objects with single quotes. */
export function pythonText(value: JsonValue): string {
  return typeof value === "string" ? value : representation(value);
}

/** As Python's `repr()` writes it. */
function representation(value: JsonValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(representation).join(", ")}]`;
  if (isJsonObject(value))
    return `{${Object.entries(value)
      .map(([key, each]) => `${quoted(key)}: ${representation(each as JsonValue)}`)
      .join(", ")}}`;
  // Exponents have two digits at least.
  return String(value).replace(/e([+-])(\d)$/, "e$10$2");
}

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

function quoted(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(/[\n\r\t\\]/g, (character) => escapes[character]!);
  return mark + (mark === "'" ? body.replaceAll("'", "\\'") : body) + mark;
}
