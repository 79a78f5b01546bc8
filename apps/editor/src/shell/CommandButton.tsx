import type { JSX } from "react";
import { commandOf } from "../commands/commands.js";
import { runCommand } from "../commands/useKeys.js";
import { useKeyHint } from "../commands/useKeyHint.js";
import { useDocument, useStudio } from "../session/studio.js";

export interface CommandButtonProps {
  readonly id: string;
  readonly icon: JSX.Element;
  /** Of what can be switched on and off: whether it is on. */
  readonly on?: boolean;
}

/** A command as a button with its icon; its name and key in the tooltip. */
export function CommandButton({ id, icon, on }: CommandButtonProps): JSX.Element {
  const studio = useStudio();
  const command = commandOf(id);
  const hint = useKeyHint(id);
  // Whether it can be done depends on the document's history.
  const enabled = useDocument(() => command.enabled?.(studio) ?? true);
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={command.label}
      title={hint}
      {...(on !== undefined && { "aria-pressed": on })}
      disabled={!enabled}
      onClick={() => runCommand(studio, command)}
    >
      {icon}
    </button>
  );
}
