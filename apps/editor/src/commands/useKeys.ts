import { useEffect } from "react";
import type { Studio } from "../session/studio.js";
import { emptySelection, isAnySelected } from "../view/viewStore.js";
import type { Command } from "./command.js";
import { commands } from "./commands.js";
import { keysOf, readOwnKeys } from "./keyBindings.js";
import { keyOf } from "./keys.js";

/** Keys that mean something else where a control has the focus. */
const focusKeys = new Set(["Tab", "Enter"]);

/** Does a command, if it can be done now. */
export function runCommand(studio: Studio, command: Command): void {
  if (command.enabled && !command.enabled(studio)) return;
  void command.run(studio);
}

/** Listens to the keys of all commands. */
export function useKeys(studio: Studio): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const key = keyOf(event);
      if (key === undefined) return;
      if (key === "Esc" && stepBack(studio)) {
        event.preventDefault();
        return;
      }
      const { lightbox, palette, add, shortcuts, wiring } = studio.view.getState();
      if (lightbox || palette || add || shortcuts || wiring !== null) return;
      const own = readOwnKeys();
      const typing = isTyping(event.target);
      const command = commands.find(
        (known) =>
          keysOf(known, own).includes(key) && (!typing || known.inText) && (!known.onCanvas || !focusKeys.has(key) || canvasHasFocus()),
      );
      if (!command || (command.enabled && !command.enabled(studio))) return;
      event.preventDefault();
      void command.run(studio);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [studio]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches("input:not([type=checkbox],[type=color],[type=file]), textarea, select, [contenteditable=true]")
  );
}

function canvasHasFocus(): boolean {
  const { activeElement } = document;
  return (
    activeElement === null ||
    activeElement === document.body ||
    activeElement.classList.contains("canvas") ||
    activeElement.classList.contains("react-flow")
  );
}

/** Esc goes one step back: closes what is on top, then lets the selection go. */
function stepBack({ view }: Studio): boolean {
  const { lightbox, palette, add, shortcuts, wiring, menu, panel, selection } = view.getState();
  const { activeElement } = document;
  if (lightbox) view.setState({ lightbox: null });
  else if (palette) view.setState({ palette: null });
  else if (add) view.setState({ add: null });
  else if (shortcuts) view.setState({ shortcuts: false });
  else if (wiring !== null) view.setState({ wiring: null });
  else if (menu) view.setState({ menu: null });
  else if (isTyping(activeElement) && activeElement instanceof HTMLElement) activeElement.blur();
  else if (isAnySelected(selection)) view.setState({ selection: emptySelection });
  else if (panel) view.setState({ panel: null });
  else return false;
  return true;
}
