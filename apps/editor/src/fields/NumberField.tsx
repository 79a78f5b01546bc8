import { useRef, useState, type JSX, type KeyboardEvent, type PointerEvent } from "react";
import { evaluate } from "./arithmetic.js";
import type { FieldProps } from "./fieldProps.js";

/** Pixels of dragging for one step. */
const pixelsPerStep = 5;
const dragThreshold = 3;

/** A number: dragging on the row scrubs (Shift ×10, Alt ÷10), typing takes arithmetic, arrows step. */
export function NumberField({ field, label, set }: FieldProps): JSX.Element {
  const value = typeof field.value === "number" || typeof field.value === "bigint" ? field.value : 0;
  const [editing, setEditing] = useState(false);
  const [scrubbing, setScrubbing] = useState(false);
  const drag = useRef<{ readonly x: number; readonly from: number; moved: boolean; gesture: string } | null>(null);
  const step = stepOf(field);

  const move = (event: PointerEvent): void => {
    const held = drag.current;
    if (!held) return;
    const dx = event.clientX - held.x;
    if (!held.moved && Math.abs(dx) < dragThreshold) return;
    if (!held.moved) {
      held.moved = true;
      setScrubbing(true);
    }
    const factor = event.shiftKey ? 10 : event.altKey ? 0.1 : 1;
    set(scrubbed(held.from, Math.round(dx / pixelsPerStep) * step * factor, field), held.gesture);
  };
  const key = (event: KeyboardEvent): void => {
    const direction =
      event.key === "ArrowUp" || event.key === "ArrowRight" ? 1 : event.key === "ArrowDown" || event.key === "ArrowLeft" ? -1 : 0;
    if (direction !== 0) {
      const factor = event.shiftKey ? 10 : event.altKey ? 0.1 : 1;
      set(stepped(value, direction, step * factor), `step ${field.key}`);
    } else if (event.key === "Enter" || event.key === "F2" || /^[\d.*/+(-]$/.test(event.key)) {
      setEditing(true);
      if (event.key.length > 1) event.preventDefault();
    } else return;
    if (direction !== 0) event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      className={scrubbing ? "field number scrubbing" : "field number"}
      role="spinbutton"
      tabIndex={editing ? -1 : 0}
      aria-label={label}
      aria-valuenow={Number(value)}
      aria-valuetext={shown(value, field)}
      aria-valuemin={field.schema.min === undefined ? undefined : Number(field.schema.min)}
      aria-valuemax={field.schema.max === undefined ? undefined : Number(field.schema.max)}
      onKeyDown={editing ? undefined : key}
      onPointerDown={(event) => {
        if (editing || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, from: Number(value), moved: false, gesture: `scrub ${performance.now()}` };
      }}
      onPointerMove={move}
      onPointerUp={() => {
        if (drag.current && !drag.current.moved) setEditing(true);
        drag.current = null;
        setScrubbing(false);
      }}
      onPointerCancel={() => {
        drag.current = null;
        setScrubbing(false);
      }}
    >
      <span className="field-label">{label}</span>
      {editing ? (
        <NumberInput
          label={label}
          initial={String(value)}
          done={(text) => {
            setEditing(false);
            const typed = text === null ? undefined : evaluate(text, value);
            if (typed !== undefined) set(typed);
          }}
        />
      ) : (
        <span className="field-value">{shown(value, field)}</span>
      )}
    </div>
  );
}

function NumberInput({
  label,
  initial,
  done,
}: {
  readonly label: string;
  readonly initial: string;
  readonly done: (text: string | null) => void;
}): JSX.Element {
  const ended = useRef(false);
  const end = (text: string | null): void => {
    if (ended.current) return;
    ended.current = true;
    done(text);
  };
  return (
    <input
      className="field-input"
      aria-label={label}
      inputMode="decimal"
      defaultValue={initial}
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onBlur={(event) => end(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey) return;
        event.stopPropagation();
        const row = event.currentTarget.closest<HTMLElement>("[role=spinbutton]");
        if (event.key === "Enter") end(event.currentTarget.value);
        else if (event.key === "Escape") end(null);
        else return;
        requestAnimationFrame(() => row?.focus());
      }}
    />
  );
}

function stepOf({ kind, schema }: FieldProps["field"]): number {
  const step = Number(schema.step ?? (kind === "int" ? 1 : 0.01));
  return step > 0 ? step : 1;
}

function scrubbed(from: number, delta: number, { kind }: FieldProps["field"]): number {
  const value = from + delta;
  return kind === "int" ? Math.round(value) : trim(value);
}

function stepped(value: number | bigint, direction: number, step: number): number | bigint {
  if (typeof value === "bigint") return value + BigInt(direction) * BigInt(Math.max(1, Math.round(step)));
  return trim(value + direction * step);
}

/** Without what binary fractions leave behind. */
function trim(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(12));
}

function shown(value: number | bigint, { kind, schema }: FieldProps["field"]): string {
  // Without a step nothing says how many decimals it has.
  if (typeof value === "bigint" || kind === "int" || schema.step === undefined) return String(value);
  const step = Number(schema.step);
  const decimals = Math.min(6, Math.max(0, -Math.floor(Math.log10(step > 0 ? step : 0.01))));
  const fixed = value.toFixed(decimals);
  return Number(fixed) === value ? fixed : String(trim(value));
}
