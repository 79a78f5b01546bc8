import { Check } from "lucide-react";
import { useCallback, useLayoutEffect, useRef, useState, type JSX } from "react";
import type { Command } from "../commands/command.js";
import { commandOf } from "../commands/commands.js";
import { keysOf, readOwnKeys, type OwnKeys } from "../commands/keyBindings.js";
import { readableKey } from "../commands/keys.js";
import { runCommand } from "../commands/useKeys.js";
import { useStudio, useView } from "../session/studio.js";
import { menuEntries } from "./menuEntries.js";
import { moveInMenu } from "./menuKeys.js";
import { returnFocus } from "./returnFocus.js";
import { useOutsidePress } from "./useOutsidePress.js";
import type { MenuTarget } from "../view/viewStore.js";

/** The menu of what was pressed with the other button. */
export function ContextMenu(): JSX.Element | null {
  const menu = useView((state) => state.menu);
  return menu && <OpenMenu key={menu.at.join()} at={menu.at} target={menu.target} />;
}

function OpenMenu({ at, target }: { readonly at: readonly [number, number]; readonly target: MenuTarget }): JSX.Element {
  const studio = useStudio();
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<readonly [number, number]>(at);
  const own = readOwnKeys();
  const close = useCallback(() => studio.view.setState({ menu: null }), [studio]);

  useLayoutEffect(() => {
    const { offsetWidth = 0, offsetHeight = 0 } = box.current ?? {};
    setPlace([Math.min(at[0], innerWidth - offsetWidth - 8), Math.max(8, Math.min(at[1], innerHeight - offsetHeight - 8))]);
    const opener = globalThis.document.activeElement;
    box.current?.querySelector<HTMLElement>("[role^=menuitem]:not(:disabled)")?.focus();
    return () => returnFocus(opener, box.current);
  }, [at]);
  useOutsidePress(box, close);

  const pick = (command: Command): void => {
    close();
    if (command.id === "add" && target.kind === "canvas") studio.view.setState({ add: { at, position: target.position, wire: null } });
    else runCommand(studio, command);
  };
  return (
    <div
      ref={box}
      role="menu"
      className="menu popover"
      style={{ left: place[0], top: place[1] }}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key === "Tab") close();
        else moveInMenu(event);
      }}
    >
      {partsOf(target.kind).map((part, index) =>
        part === null ? (
          <hr key={`line ${index}`} />
        ) : "among" in part ? (
          <div key={part.among} role="group" aria-label={part.among}>
            <p className="menu-heading" aria-hidden>
              {part.among}
            </p>
            {part.commands.map((command) => (
              <MenuRow key={command.id} command={command} own={own} onPick={pick} />
            ))}
          </div>
        ) : (
          <MenuRow key={part.id} command={part} own={own} onPick={pick} />
        ),
      )}
    </div>
  );
}

interface Choices {
  readonly among: string;
  readonly commands: readonly Command[];
}

/** The rows of a menu; null is a line, and commands of one choice stand together. */
function partsOf(kind: MenuTarget["kind"]): readonly (Command | Choices | null)[] {
  const parts: (Command | Choices | null)[] = [];
  for (const id of menuEntries[kind]) {
    const command = id === null ? null : commandOf(id);
    const last = parts.at(-1);
    if (!command?.choice) parts.push(command);
    else if (last && "among" in last && last.among === command.choice.among)
      parts[parts.length - 1] = { ...last, commands: [...last.commands, command] };
    else parts.push({ among: command.choice.among, commands: [command] });
  }
  return parts;
}

function MenuRow({
  command,
  own,
  onPick,
}: {
  readonly command: Command;
  readonly own: OwnKeys;
  readonly onPick: (command: Command) => void;
}): JSX.Element {
  const studio = useStudio();
  const { choice } = command;
  const [key] = keysOf(command, own);
  return (
    <button
      type="button"
      role={choice ? "menuitemradio" : "menuitem"}
      {...(choice && { "aria-checked": choice.chosen(studio) })}
      className="menu-row"
      disabled={command.enabled ? !command.enabled(studio) : false}
      onClick={() => onPick(command)}
    >
      {choice ? (
        <>
          <Check className="menu-check" aria-hidden />
          <span>
            {choice.label}
            <small>{choice.help}</small>
          </span>
        </>
      ) : (
        <span>{command.label}</span>
      )}
      {key !== undefined && <kbd>{readableKey(key)}</kbd>}
    </button>
  );
}
