import type { SeedControl } from "@patchbay/graph";
import { ArrowDown, ArrowUp, Dices, Lock, Shuffle } from "lucide-react";
import { useCallback, useRef, useState, type JSX } from "react";
import { moveInMenu } from "../shell/menuKeys.js";
import { Popover, type PopoverProps } from "../shell/Popover.js";
import { anchorOf } from "./ComboField.js";
import type { FieldProps } from "./fieldProps.js";
import { NumberField } from "./NumberField.js";

export interface SeedFieldProps extends FieldProps {
  readonly control: SeedControl;
  /** The value that the last run used; undefined before the first. */
  readonly used: number | bigint | undefined;
  readonly setControl: (control: SeedControl) => void;
  readonly roll: () => void;
}

const controls: readonly { readonly control: SeedControl; readonly icon: typeof Lock; readonly label: string; readonly help: string }[] = [
  { control: "fixed", icon: Lock, label: "Fixed", help: "Every run uses this seed" },
  { control: "randomize", icon: Shuffle, label: "Random", help: "Each further run takes another" },
  { control: "increment", icon: ArrowUp, label: "Up", help: "Each further run adds one" },
  { control: "decrement", icon: ArrowDown, label: "Down", help: "Each further run takes one away" },
];

/**
 * A seed and what happens to it between runs. The number is always the one that the picture on the canvas was made with, until it is edited: the
 * next one is chosen when Run is pressed again.
 */
export function SeedField({ control, used, setControl, roll, ...props }: SeedFieldProps): JSX.Element {
  const [anchor, setAnchor] = useState<PopoverProps["anchor"] | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => setAnchor(null), []);
  const now = controls.find((known) => known.control === control) ?? controls[0]!;
  const edited = used !== undefined && used !== props.field.value;
  return (
    <div className="seed-field">
      <NumberField {...props} />
      {edited && (
        <button
          type="button"
          className="field-button seed-back"
          title={`The last run used ${used}. Take it back.`}
          aria-label={`Take back the last run's seed, ${used}`}
          onClick={() => props.set(used)}
        >
          ↺
        </button>
      )}
      <button type="button" className="field-button" title="Another seed now" aria-label={`Another ${props.label} now`} onClick={roll}>
        <Dices aria-hidden />
      </button>
      <button
        ref={button}
        type="button"
        className="field-button"
        title={`${now.label}: ${now.help}`}
        aria-label={`${props.label} between runs: ${now.label}`}
        aria-haspopup="menu"
        onClick={() => setAnchor(anchorOf(button.current))}
      >
        <now.icon aria-hidden />
      </button>
      {anchor && (
        <Popover anchor={anchor} width={272} label={`${props.label} between runs`} onClose={close}>
          <div role="menu" className="menu" onKeyDown={moveInMenu}>
            {controls.map(({ control: choice, icon: Icon, label, help }) => (
              <button
                key={choice}
                type="button"
                role="menuitemradio"
                aria-checked={choice === control}
                className="menu-row"
                autoFocus={choice === control}
                onClick={() => {
                  setControl(choice);
                  close();
                }}
              >
                <Icon aria-hidden />
                <span>
                  {label}
                  <small>{help}</small>
                </span>
              </button>
            ))}
          </div>
        </Popover>
      )}
    </div>
  );
}
