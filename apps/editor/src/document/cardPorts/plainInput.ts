import type { InputKind, InputSchema, JsonObject, JsonValue } from "@patchbay/graph";
import type { PortInput } from "../card.js";

const kinds: Readonly<Record<string, InputKind>> = { INT: "int", FLOAT: "float", STRING: "string", BOOLEAN: "boolean", COMBO: "combo" };

/** The schema of an input that no catalog describes. */
export function plainSchema(name: string, type: string, kind: InputKind, more: Partial<InputSchema> = {}): InputSchema {
  return {
    name,
    required: false,
    kind,
    type,
    multiselect: false,
    multiline: false,
    controlAfterGenerate: false,
    lazy: false,
    spec: {},
    ...more,
  };
}

/** A socket of which only the name and the type are known. */
export function plainSocket(key: string, label: string, type: string): PortInput {
  return { key, label, type, kind: "link", schema: plainSchema(key, type, "link"), value: undefined };
}

/** A field of which the value, and perhaps the type, are known. */
export function plainField(key: string, label: string, type: string | undefined, value: JsonValue | undefined): PortInput {
  const kind = (type === undefined ? undefined : kinds[type]) ?? kindOfValue(value);
  const schema = plainSchema(key, type ?? "*", kind, {
    ...(kind === "combo" && value !== undefined ? { options: [value] } : {}),
    ...(kind === "string" && typeof value === "string" ? { multiline: value.includes("\n") || value.length > 60 } : {}),
  });
  return { key, label, type: schema.type, kind, schema, value };
}

function kindOfValue(value: JsonValue | undefined): InputKind {
  switch (typeof value) {
    case "bigint":
      return "int";
    case "number":
      return "float";
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    default:
      return "custom";
  }
}

/** What a slot of a workflow file says under a key, if it is text. */
export function slotText(slot: JsonObject | undefined, key: string): string | undefined {
  const text = slot?.[key];
  return typeof text === "string" && text !== "" ? text : undefined;
}

/** The type that a slot of a workflow file has. */
export function slotType(slot: JsonObject | undefined): string {
  const type = slot?.["type"];
  return typeof type === "string" && type !== "" && type !== "-1" ? type : Array.isArray(type) ? "COMBO" : "*";
}

/** How a type is shown and matched: types that follow their input take anything. */
export function shownType(type: string): string {
  return type === "COMFY_MATCHTYPE_V3" || type === "" ? "*" : type;
}
