import type { JSX } from "react";
import type { FieldProps } from "./fieldProps.js";

/** On or off, in the catalog's own words where it has some. */
export function ToggleField({ field, label, set }: FieldProps): JSX.Element {
  const on = field.value === true;
  const words = [field.schema.spec["label_off"], field.schema.spec["label_on"]];
  const word = words[on ? 1 : 0];
  return (
    <button type="button" role="switch" aria-checked={on} aria-label={label} className="field toggle" onClick={() => set(!on)}>
      <span className="field-label">{label}</span>
      <span className="field-value">{typeof word === "string" ? word : on ? "on" : "off"}</span>
      <span className="toggle-mark" aria-hidden />
    </button>
  );
}
