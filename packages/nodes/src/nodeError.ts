/** Codes of what nodes and their files can refuse; the registry in packages/protocol explains each. */
export type NodeErrorCode = `NODE_${string}` | `FILE_${string}`;

/** An error with a code from the registry. The message says what was tried, quotes the value, and says what would be right. */
export class NodeError extends Error {
  override readonly name = "NodeError";
  readonly code: NodeErrorCode;

  constructor(code: NodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A foreign value for a message: short, one line. */
export function quote(value: unknown): string {
  let text: string;
  try {
    text = typeof value === "bigint" ? String(value) : (JSON.stringify(value) ?? String(value));
  } catch {
    text = String(value);
  }
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
