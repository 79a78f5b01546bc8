import type { JSX } from "react";
import { flushSync } from "react-dom";
import type { FieldProps } from "./fieldProps.js";
import { changeWeight } from "./promptWeight.js";

/** A block of text. Ctrl+Up and Ctrl+Down turn the weight of the words at the cursor up and down. */
export function TextField({ field, label, set }: FieldProps): JSX.Element {
  const value = typeof field.value === "string" ? field.value : "";
  const gesture = `type ${field.key}`;
  return (
    <textarea
      className="text-field nowheel"
      aria-label={label}
      placeholder={label}
      spellCheck={false}
      value={value}
      onChange={(event) => set(event.target.value, gesture)}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.blur();
        const delta = event.key === "ArrowUp" ? 0.05 : event.key === "ArrowDown" ? -0.05 : 0;
        if (!(event.ctrlKey || event.metaKey) || delta === 0) return;
        event.preventDefault();
        const { selectionStart, selectionEnd } = event.currentTarget;
        const next = changeWeight({ text: value, start: selectionStart, end: selectionEnd }, delta);
        flushSync(() => set(next.text, gesture));
        event.currentTarget.setSelectionRange(next.start, next.end);
      }}
    />
  );
}

/** A short text on a row of its own. */
export function LineField({ field, label, set }: FieldProps): JSX.Element {
  const value = typeof field.value === "string" ? field.value : "";
  return (
    <label className="field line">
      <span className="field-label">{label}</span>
      <input
        className="field-input"
        aria-label={label}
        value={value}
        spellCheck={false}
        onChange={(event) => set(event.target.value, `type ${field.key}`)}
        onKeyDown={(event) => {
          if (event.key === "Escape" || event.key === "Enter") event.currentTarget.blur();
        }}
      />
    </label>
  );
}
