import type { JSX } from "react";
import type { FieldProps } from "./fieldProps.js";

/** A colour: a number 0xRRGGBB or a text "#rrggbb", as its input holds it. */
export function ColourField({ field, label, set }: FieldProps): JSX.Element {
  const { value } = field;
  const isText = typeof value === "string";
  const hex = isText
    ? value
    : `#${Number(value ?? 0)
        .toString(16)
        .padStart(6, "0")}`;
  return (
    <label className="field colour">
      <span className="field-label">{label}</span>
      <span className="field-value">{hex}</span>
      <input
        type="color"
        value={/^#[0-9a-f]{6}$/i.test(hex) ? hex : "#000000"}
        aria-label={label}
        onChange={(event) => set(isText ? event.target.value : Number.parseInt(event.target.value.slice(1), 16), `colour ${field.key}`)}
      />
    </label>
  );
}
