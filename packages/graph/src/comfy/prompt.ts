import type { JsonObject, JsonValue } from "../json/jsonValue.js";

/** A link of an API prompt: the origin node's id and the index of its output. */
export type PromptLink = [nodeId: string, slot: number];

export interface PromptNode {
  class_type: string;
  /** Input name → literal, link, or `{"__value__": [...]}` for a literal list. */
  inputs: JsonObject;
  _meta?: { title?: string };
}

/** ComfyUI's API format: what `/prompt` takes and what is executed. Node id → node. */
export type Prompt = Record<string, PromptNode>;

/** Whether a value is a link: exactly `[string, number]`, as ComfyUI tells it. */
export function isLink(value: JsonValue | undefined): value is PromptLink & JsonValue[] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && typeof value[1] === "number";
}

/** A literal as an API prompt holds it: lists are wrapped so that they cannot be taken for links. */
export function wrapLiteral(value: JsonValue): JsonValue {
  return Array.isArray(value) ? { __value__: value } : value;
}

/** The literal inside, if it was wrapped. */
export function unwrapLiteral(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const inner = Object.hasOwn(value, "__value__") ? value["__value__"] : undefined;
  return Array.isArray(inner) && Object.keys(value).length === 1 ? inner : value;
}
