import { useCallback, useLayoutEffect, useRef, useState, type JSX } from "react";
import { commandOf } from "../commands/commands.js";
import { keysOf, readOwnKeys } from "../commands/keyBindings.js";
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
    box.current?.querySelector<HTMLElement>("[role=menuitem]:not(:disabled)")?.focus();
    return () => returnFocus(opener, box.current);
  }, [at]);
  useOutsidePress(box, close);

  const rows = menuEntries[target.kind].map((id) => (id === null ? null : commandOf(id)));
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
      {rows.map((command, index) =>
        command === null ? (
          <hr key={`line ${index}`} />
        ) : (
          <button
            key={command.id}
            type="button"
            role="menuitem"
            className="menu-row"
            disabled={command.enabled ? !command.enabled(studio) : false}
            onClick={() => {
              close();
              if (command.id === "add" && target.kind === "canvas")
                studio.view.setState({ add: { at, position: target.position, wire: null } });
              else runCommand(studio, command);
            }}
          >
            <span>{command.label}</span>
            {keysOf(command, own)[0] !== undefined && <kbd>{readableKey(keysOf(command, own)[0]!)}</kbd>}
          </button>
        ),
      )}
    </div>
  );
}
