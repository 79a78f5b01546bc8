import type { JsonObject } from "@patchbay/graph";
import { NodeError, quote } from "./nodeError.js";
import type { ValueType, ValueTypes } from "./values.js";

/** Where a combo's values come from when they are files. */
export type FileSource =
  { readonly kind: "models"; readonly folder: string } | { readonly kind: "input"; readonly extensions: readonly string[] };

/** One input of a node: its type, its options as `/object_info` states them, and how a value from a graph becomes what `run` gets. */
export interface InputDeclaration<Value> {
  readonly type: string;
  /** default, min, max, step, multiline and so on; a combo's values are apart. */
  readonly options: JsonObject;
  /** The values of a combo that doesn't list files. */
  readonly values?: readonly string[];
  readonly files?: FileSource;
  /** It may be left alone. */
  readonly isOptional?: boolean;
  /**
   * The value for `run`; `name` is the input's, for messages.
   * @throws NODE_INPUT_TYPE, NODE_INPUT_RANGE, NODE_INPUT_CHOICE
   */
  readonly read: (value: unknown, name: string) => Value;
}

interface NumberOptions {
  readonly default?: number | bigint;
  readonly min?: number | bigint;
  readonly max?: number | bigint;
  readonly step?: number;
  readonly round?: number | false;
  readonly advanced?: boolean;
  readonly display?: string;
  readonly control_after_generate?: boolean | string;
}

function fail(code: "NODE_INPUT_TYPE" | "NODE_INPUT_RANGE" | "NODE_INPUT_CHOICE", name: string, value: unknown, right: string): never {
  throw new NodeError(code, `"${name}" is ${quote(value)}: it must be ${right}`);
}

function expectRange(value: number | bigint, { min, max }: NumberOptions, name: string): void {
  if ((min !== undefined && value < min) || (max !== undefined && value > max))
    fail("NODE_INPUT_RANGE", name, value, `from ${min ?? "-∞"} to ${max ?? "∞"}`);
}

/** What a number is given as: itself, or the text of one, as ComfyUI's `int()` and `float()` take it. */
function toNumber(value: unknown): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value !== "string" || value.length > 100 || value.trim() === "") return undefined;
  const text = value.trim();
  return /^[+-]?\d+$/.test(text) ? BigInt(text.replace("+", "")) : /^[-+.\de]+$/i.test(text) ? Number(text) : undefined;
}

/** A whole number that a double holds. A fraction is cut off, as ComfyUI's `int()` does. */
export function int(options: NumberOptions = {}): InputDeclaration<number> {
  return {
    type: "INT",
    options: { ...options } as JsonObject,
    read(value, name) {
      const number = Math.trunc(Number(toNumber(value) ?? NaN));
      if (!Number.isSafeInteger(number)) fail("NODE_INPUT_TYPE", name, value, "a whole number");
      expectRange(number, options, name);
      return number;
    },
  };
}

/** A whole number of up to 64 bits, as seeds are. */
export function wideInt(options: NumberOptions = {}): InputDeclaration<bigint> {
  return {
    type: "INT",
    options: { ...options } as JsonObject,
    read(value, name) {
      const given = toNumber(value);
      const whole = typeof given === "number" ? (Number.isFinite(given) ? BigInt(Math.trunc(given)) : undefined) : given;
      if (whole === undefined) fail("NODE_INPUT_TYPE", name, value, "a whole number");
      expectRange(whole, options, name);
      return whole;
    },
  };
}

export function float(options: NumberOptions = {}): InputDeclaration<number> {
  return {
    type: "FLOAT",
    options: { ...options } as JsonObject,
    read(value, name) {
      const number = Number(toNumber(value) ?? NaN);
      if (!Number.isFinite(number)) fail("NODE_INPUT_TYPE", name, value, "a number");
      expectRange(number, options, name);
      return number;
    },
  };
}

interface StringOptions {
  readonly default?: string;
  readonly multiline?: boolean;
  readonly dynamicPrompts?: boolean;
}

export function string(options: StringOptions = {}): InputDeclaration<string> {
  return {
    type: "STRING",
    options: { ...options } as JsonObject,
    read: (value, name) => {
      if (typeof value === "string") return value;
      // A number or a switch linked to a text input becomes its text, as ComfyUI's `str()` makes it.
      if (typeof value === "boolean") return value ? "True" : "False";
      return typeof value === "number" || typeof value === "bigint" ? String(value) : fail("NODE_INPUT_TYPE", name, value, "a text");
    },
  };
}

interface BooleanOptions {
  readonly default?: boolean;
  readonly advanced?: boolean;
}

export function boolean(options: BooleanOptions = {}): InputDeclaration<boolean> {
  return {
    type: "BOOLEAN",
    options: { ...options } as JsonObject,
    read: (value, name) => {
      if (typeof value === "boolean") return value;
      return typeof value === "number" || typeof value === "bigint" ? value != 0 : fail("NODE_INPUT_TYPE", name, value, "true or false");
    },
  };
}

/** A number, a text or a switch, whichever is linked. */
export function scalar(options: JsonObject = {}): InputDeclaration<number | bigint | string | boolean> {
  return {
    type: "INT,FLOAT,STRING,BOOLEAN",
    options,
    read: (value, name) =>
      typeof value === "number" || typeof value === "bigint" || typeof value === "string" || typeof value === "boolean"
        ? value
        : fail("NODE_INPUT_TYPE", name, value, "a number, a text, true or false"),
  };
}

/** One of a few names; the first is the default unless the options name another. */
export function combo<const Name extends string>(values: readonly Name[], options: JsonObject = {}): InputDeclaration<Name> {
  return {
    type: "COMBO",
    options,
    values,
    read: (value, name) =>
      values.find((each) => each === value) ?? fail("NODE_INPUT_CHOICE", name, value, `one of ${values.map(quote).join(", ")}`),
  };
}

function fileName(files: FileSource, options: JsonObject): InputDeclaration<string> {
  return {
    type: "COMBO",
    options,
    files,
    read: (value, name) => (typeof value === "string" && value !== "" ? value : fail("NODE_INPUT_TYPE", name, value, "the name of a file")),
  };
}

/** The name of a file in a model folder of this kind. */
export function modelFile(folder: string): InputDeclaration<string> {
  return fileName({ kind: "models", folder }, {});
}

/** The name of a file in the input folder; "name [output]" and "name [temp]" reach the other two. */
export function inputFile(extensions: readonly string[], options: JsonObject = {}): InputDeclaration<string> {
  return fileName({ kind: "input", extensions }, options);
}

/** An input that may be left alone: `run` then gets undefined. */
export function optional<Value>(input: InputDeclaration<Value>): InputDeclaration<Value | undefined> {
  return { ...input, isOptional: true };
}

/** An input that is only ever linked. Validation has compared the types of both ends. */
export function wire<Type extends ValueType>(type: Type): InputDeclaration<ValueTypes[Type]> {
  return { type, options: {}, read: (value) => value as ValueTypes[Type] };
}
