/** A foreign value for a message: JSON-like, one line, short. */
export function quote(value: unknown): string {
  const text = typeof value === "bigint" || typeof value === "number" ? String(value) : (safeJson(value) ?? String(value));
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

function safeJson(value: unknown): string | undefined {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  return JSON.stringify(typeof value === "string" ? value.slice(0, 200) : value);
}
