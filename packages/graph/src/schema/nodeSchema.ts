import { isJsonObject } from "../json/jsonValue.js";
import type { JsonObject, JsonValue } from "../json/jsonValue.js";
import type { InputSpec, NodeInfo } from "./nodeInfo.js";

/**
 * What an input holds. `int` to `combo` and `custom` (colours, curves, boxes) have a value of their own, shown as a widget, and may be linked
 * instead; `link` is only ever linked; `dynamicCombo` is a combo whose choice brings further inputs (named "parent.child"); `autogrow` is a
 * family of inputs ("parent.child0", …) of which as many exist as are used.
 */
export type InputKind = "int" | "float" | "string" | "boolean" | "combo" | "custom" | "link" | "dynamicCombo" | "autogrow";

export interface InputSchema {
  readonly name: string;
  readonly required: boolean;
  readonly kind: InputKind;
  /** The type on the wire: "INT", "COMBO", "MODEL", a union "FLOAT,INT", or "*". */
  readonly type: string;
  readonly default?: JsonValue;
  readonly min?: number | bigint;
  readonly max?: number | bigint;
  readonly step?: number | bigint;
  /** The values of a combo; absent when only the running program knows them. */
  readonly options?: readonly JsonValue[];
  /** A combo that takes a list of its options. */
  readonly multiselect: boolean;
  readonly multiline: boolean;
  /** UI workflows hold one more value after this one: what happens to it after a run. */
  readonly controlAfterGenerate: boolean;
  /** The kind of file this combo lets one upload ("image", "audio", "video", "file"). */
  readonly upload?: string;
  readonly lazy: boolean;
  /** For `dynamicCombo`: the inputs that each choice brings. */
  readonly choices?: readonly { readonly key: string; readonly inputs: readonly InputSchema[] }[];
  /** For `autogrow`: the names of all possible children, how many are required, and what each is like. */
  readonly children?: { readonly names: readonly string[]; readonly min: number; readonly input: InputSchema };
  /** The options as the catalog states them. */
  readonly spec: JsonObject;
}

export interface OutputSchema {
  readonly name: string;
  /** "COMBO" where the catalog gives a list of values. */
  readonly type: string;
  readonly isList: boolean;
}

/** A node's interface, typed: what validation, conversion and the editor's fields read. */
export interface NodeSchema {
  readonly type: string;
  /** Required inputs, then optional ones, in display order; hidden ones are left out. */
  readonly inputs: readonly InputSchema[];
  readonly outputs: readonly OutputSchema[];
  readonly isOutputNode: boolean;
  readonly info: NodeInfo;
}

const cache = new WeakMap<NodeInfo, NodeSchema>();

/** The typed view of a catalog entry; computed once per entry. Malformed parts of an entry are read as plain links, never an error. */
export function nodeSchema(info: NodeInfo): NodeSchema {
  let schema = cache.get(info);
  if (!schema) {
    schema = {
      type: info.name,
      inputs: [...section(info, "required", ""), ...section(info, "optional", "")],
      outputs: info.output.map((type, slot) => ({
        name: info.output_name[slot] ?? (typeof type === "string" ? type : "COMBO"),
        type: typeof type === "string" ? type : "COMBO",
        isList: info.output_is_list?.[slot] ?? false,
      })),
      isOutputNode: info.output_node,
      info,
    };
    cache.set(info, schema);
  }
  return schema;
}

function section(info: NodeInfo, name: "required" | "optional", prefix: string): InputSchema[] {
  const inputs = info.input[name] ?? {};
  const order = info.input_order?.[name]?.filter((key) => Object.hasOwn(inputs, key)) ?? [];
  const rest = Object.keys(inputs).filter((key) => !order.includes(key));
  return [...order, ...rest].map((key) => inputSchema(prefix + key, inputs[key] as InputSpec, name === "required"));
}

/** Types that are widgets although they have no default and are not marked as such. */
const bareWidgetTypes = new Set(["LOAD_3D", "WEBCAM", "AUDIO_RECORD"]);

const plainKinds: Readonly<Record<string, InputKind>> = {
  INT: "int",
  FLOAT: "float",
  STRING: "string",
  BOOLEAN: "boolean",
  COMBO: "combo",
  COMFY_DYNAMICCOMBO_V3: "dynamicCombo",
  COMFY_AUTOGROW_V3: "autogrow",
};

/** The typed view of one input. `required` says which section it stands in. */
export function inputSchema(name: string, given: InputSpec, required: boolean): InputSchema {
  const [declared, options] = Array.isArray(given) ? given : [given as unknown as string];
  const spec: JsonObject = isJsonObject(options) ? options : {};
  const type = typeof declared === "string" ? declared : Array.isArray(declared) ? "COMBO" : "*";
  const kind = inputKind(type, spec);
  const schema: { -readonly [K in keyof InputSchema]: InputSchema[K] } = {
    name,
    required,
    kind,
    type: type === "COMFY_MATCHTYPE_V3" ? allowedTypes(spec) : type,
    multiselect: spec["multiselect"] === true || isJsonObject(spec["multi_select"]),
    multiline: spec["multiline"] === true,
    // Front ends add the control to integer inputs of these names even when the schema is silent.
    controlAfterGenerate:
      (kind === "int" || kind === "combo") &&
      (spec["control_after_generate"] === undefined
        ? kind === "int" && (baseName(name) === "seed" || baseName(name) === "noise_seed")
        : Boolean(spec["control_after_generate"])),
    lazy: spec["lazy"] === true,
    spec,
  };
  if (spec["default"] !== undefined) schema.default = spec["default"];
  for (const key of ["min", "max", "step"] as const) {
    const bound = spec[key];
    if (typeof bound === "number" || typeof bound === "bigint") schema[key] = bound;
  }
  if (kind === "combo") {
    const values = Array.isArray(declared) ? declared : spec["options"];
    if (Array.isArray(values) && !isJsonObject(spec["remote"])) schema.options = values;
  }
  const upload = ["image", "audio", "video", "file"].find((what) => spec[`${what}_upload`] === true);
  if (upload && kind === "combo") schema.upload = upload;
  if (kind === "dynamicCombo") schema.choices = choices(name, spec);
  if (kind === "autogrow") schema.children = children(name, spec, required);
  return schema;
}

function baseName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function inputKind(type: string, spec: JsonObject): InputKind {
  if (spec["forceInput"] === true || spec["rawLink"] === true) return "link";
  const widgetType = spec["widgetType"];
  const kind = plainKinds[type] ?? (typeof widgetType === "string" ? (plainKinds[widgetType] ?? "custom") : undefined);
  if (kind) return kind;
  return spec["default"] !== undefined || spec["socketless"] !== undefined || bareWidgetTypes.has(type) ? "custom" : "link";
}

function allowedTypes(spec: JsonObject): string {
  const template = spec["template"];
  const allowed = isJsonObject(template) ? template["allowed_types"] : undefined;
  return typeof allowed === "string" ? allowed : "*";
}

function nestedInputs(prefix: string, inputs: JsonValue | undefined, required: boolean): InputSchema[] {
  if (!isJsonObject(inputs)) return [];
  return (["required", "optional"] as const).flatMap((name) =>
    Object.entries(isJsonObject(inputs[name]) ? inputs[name] : {}).map(([key, spec]) =>
      inputSchema(prefix + key, spec as unknown as InputSpec, required && name === "required"),
    ),
  );
}

function choices(name: string, spec: JsonObject): NonNullable<InputSchema["choices"]> {
  const options = Array.isArray(spec["options"]) ? spec["options"].filter(isJsonObject) : [];
  return options.map((option) => ({ key: text(option["key"]), inputs: nestedInputs(`${name}.`, option["inputs"], true) }));
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function children(name: string, spec: JsonObject, required: boolean): NonNullable<InputSchema["children"]> {
  const template = isJsonObject(spec["template"]) ? spec["template"] : {};
  const input = nestedInputs(`${name}.`, template["input"], true)[0] ?? inputSchema(name, ["*"], true);
  const max = Math.min(typeof template["max"] === "number" ? template["max"] : 100, 1000);
  const names = Array.isArray(template["names"])
    ? template["names"].map((child) => `${name}.${text(child)}`)
    : Array.from({ length: max }, (_, i) => `${name}.${text(template["prefix"])}${i}`);
  const min = typeof template["min"] === "number" && required ? template["min"] : 0;
  return { names, min, input };
}
