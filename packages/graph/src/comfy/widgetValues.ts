import type { SeedControl } from "../document/graphDocument.js";
import { seedControls } from "../document/graphDocument.js";
import { getOwn, isJsonObject, setOwn } from "../json/jsonValue.js";
import type { JsonObject, JsonValue } from "../json/jsonValue.js";
import { concreteInputs } from "../schema/concreteInputs.js";
import type { InputSchema, NodeSchema } from "../schema/nodeSchema.js";

/** What a node's `widgets_values` hold, by name. */
export interface WidgetValues {
  inputs: JsonObject;
  controls: Record<string, SeedControl>;
  /** Values after the last one the schema knows. */
  trailing: JsonValue[];
  /** An upload combo was not followed by its marker. */
  noUploadMarker: boolean;
}

/** Whether an input stores a value in `widgets_values`. */
export function isWidget(input: InputSchema): boolean {
  return input.kind !== "link" && input.kind !== "autogrow";
}

/** The value after a seed: its control. Files of 2023 have a boolean there. */
export function seedControl(value: JsonValue | undefined): SeedControl | undefined {
  if (typeof value === "boolean") return value ? "randomize" : "fixed";
  return seedControls.find((control) => control === value);
}

/**
 * Reads positional widget values in schema order, as the front end wrote them: one value per widget; after a widget with
 * `control_after_generate` its control; after the required widgets (some files: right after the combo) a marker such as "image" for an upload
 * combo; after a dynamic combo the widgets of its choice. Values that a shorter, older file lacks stay absent.
 */
export function readWidgetValues(schema: NodeSchema, values: readonly JsonValue[]): WidgetValues {
  const read: WidgetValues = { inputs: {}, controls: {}, trailing: [], noUploadMarker: false };
  const required = schema.inputs.filter((input) => input.required);
  const reader = new Reader(values, read);
  reader.read(required);
  reader.endSection();
  reader.read(schema.inputs.filter((input) => !input.required));
  reader.endSection();
  read.trailing = values.slice(reader.at);
  return read;
}

class Reader {
  at = 0;
  private pendingUploads: string[] = [];
  private readonly values: readonly JsonValue[];
  private readonly into: WidgetValues;

  constructor(values: readonly JsonValue[], into: WidgetValues) {
    this.values = values;
    this.into = into;
  }

  read(inputs: readonly InputSchema[]): void {
    for (const [i, input] of inputs.entries()) {
      if (!isWidget(input) || this.at >= this.values.length) continue;
      const value = this.values[this.at++] as JsonValue;
      setOwn(this.into.inputs, input.name, value);
      if (input.controlAfterGenerate) this.control(input, inputs.slice(i + 1));
      if (input.upload) this.upload(input.upload, inputs.slice(i + 1));
      const chosen = input.choices?.find((choice) => choice.key === value);
      if (chosen) this.read(chosen.inputs);
    }
  }

  private control(input: InputSchema, following: readonly InputSchema[]): void {
    const value = this.values[this.at];
    const control = seedControl(value);
    if (control === undefined) return;
    // A boolean is taken for a control only if enough values are left for the widgets that follow.
    if (typeof value === "boolean" && this.values.length - this.at <= following.filter(isWidget).length) return;
    this.at++;
    setOwn(this.into.controls, input.name, control);
  }

  private upload(marker: string, following: readonly InputSchema[]): void {
    const next = following.find(isWidget);
    const takesMarker = next === undefined || next.kind === "string" || next.kind === "custom" || (next.options?.includes(marker) ?? false);
    if (!takesMarker && this.values[this.at] === marker) this.at++;
    else this.pendingUploads.push(marker);
  }

  endSection(): void {
    for (const marker of this.pendingUploads) {
      if (this.values[this.at] === marker) this.at++;
      else this.into.noUploadMarker = true;
    }
    this.pendingUploads = [];
  }
}

/**
 * Writes what `readWidgetValues` reads. A widget without a value gets its default, its first option, or null; but with `mayEndEarly` the
 * list ends after the last value that is given, as it did in the file it came from.
 */
export function writeWidgetValues(
  schema: NodeSchema,
  given: Partial<WidgetValues> & { inputs: JsonObject },
  mayEndEarly = false,
): JsonValue[] {
  const values: JsonValue[] = [];
  let end = 0;
  const put = (value: JsonValue | undefined, otherwise: () => JsonValue): void => {
    values.push(value === undefined ? otherwise() : value);
    if (value !== undefined) end = values.length;
  };
  for (const required of [true, false]) {
    const section = schema.inputs.filter((input) => input.required === required);
    const markers: string[] = [];
    for (const input of concreteInputs(
      section,
      (name) => widgetValue(given.inputs, section, name),
      () => false,
    )) {
      if (!isWidget(input)) continue;
      put(getOwn(given.inputs, input.name), () => widgetDefault(input));
      if (input.controlAfterGenerate) put(getOwn(given.controls ?? {}, input.name), () => "fixed");
      if (input.upload && !given.noUploadMarker) markers.push(input.upload);
    }
    // A marker stands after a file that was given; without one it means nothing.
    for (const marker of markers) put(end > 0 ? marker : undefined, () => marker);
  }
  const trailing = given.trailing ?? [];
  if (mayEndEarly && trailing.length === 0) values.length = end;
  return [...values, ...trailing];
}

function widgetValue(inputs: JsonObject, section: readonly InputSchema[], name: string): JsonValue | undefined {
  const value = getOwn(inputs, name);
  if (value !== undefined) return value;
  const input = section.find((candidate) => candidate.name === name);
  return input ? widgetDefault(input) : undefined;
}

/** The value of a widget nobody has set. */
export function widgetDefault(input: InputSchema): JsonValue {
  return input.default ?? input.options?.[0] ?? input.choices?.[0]?.key ?? null;
}

/**
 * The names of positional widget values when there is no schema, from the input slots of files of 2025 and later, which name every widget:
 * one entry per value, null for a control. Undefined if names and values do not match up.
 */
export function inferWidgetNames(slots: readonly JsonObject[], values: readonly JsonValue[]): (string | null)[] | undefined {
  const widgets = slots.flatMap((slot) =>
    isJsonObject(slot["widget"]) && typeof slot["widget"]["name"] === "string" ? [slot["widget"]["name"]] : [],
  );
  if (widgets.length === 0) return undefined;
  const names: (string | null)[] = [];
  for (const widget of widgets) {
    names.push(widget);
    const after = values[names.length];
    if (widget.endsWith("seed") && typeof after === "string" && seedControl(after)) names.push(null);
  }
  return names.length === values.length ? names : undefined;
}
