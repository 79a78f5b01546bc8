import { ChevronDown } from "lucide-react";
import { useCallback, useMemo, useRef, useState, type JSX } from "react";
import type { JsonValue } from "@patchbay/graph";
import { PickList } from "../search/PickList.js";
import { Popover, type PopoverProps } from "../shell/Popover.js";
import type { FieldProps } from "./fieldProps.js";

/** One of some values, found by typing. */
export function ComboField({ field, label, set }: FieldProps): JSX.Element {
  const [anchor, setAnchor] = useState<PopoverProps["anchor"] | null>(null);
  const row = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => setAnchor(null), []);
  const options = field.schema.choices?.map(({ key }) => key) ?? field.schema.options ?? [];
  const entries = useMemo(() => options.map((value) => ({ value, label: shown(value), words: "" })), [options]);
  const value = shown(field.value);
  const missing = entries.length > 0 && !entries.some((entry) => entry.label === value);
  return (
    <>
      <button
        ref={row}
        type="button"
        className={missing ? "field combo missing" : "field combo"}
        aria-haspopup="listbox"
        aria-expanded={anchor !== null}
        aria-label={`${label}: ${value === "" ? "nothing chosen" : value}`}
        title={value}
        onClick={() => setAnchor(anchorOf(row.current))}
      >
        <span className="field-label">{label}</span>
        <span className="field-value">{value === "" ? "choose" : value}</span>
        <ChevronDown aria-hidden />
      </button>
      {anchor && (
        <Popover anchor={anchor} width={280} label={label} onClose={close}>
          <PickList
            entries={entries}
            placeholder={`Find ${label}`}
            empty={
              entries.length === 0
                ? "There is nothing to choose from yet. Files put into the models folder appear here."
                : "Nothing by that name."
            }
            keyOf={(entry) => entry.label}
            selected={value}
            render={(entry) => entry.label}
            onPick={(entry) => {
              set(entry.value);
              close();
            }}
          />
        </Popover>
      )}
    </>
  );
}

/** Where a popover of an element hangs. */
export function anchorOf(element: HTMLElement | null): PopoverProps["anchor"] {
  const { left = 0, top = 0, bottom = 0 } = element?.getBoundingClientRect() ?? {};
  return { x: left, top, bottom };
}

function shown(value: JsonValue | undefined): string {
  return value === undefined || value === null ? "" : typeof value === "object" ? "…" : String(value);
}
