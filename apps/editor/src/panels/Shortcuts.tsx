import { RotateCcw, X } from "lucide-react";
import { useState, type JSX } from "react";
import { commands } from "../commands/commands.js";
import { bindKey, keysOf, readOwnKeys, writeOwnKeys, type OwnKeys } from "../commands/keyBindings.js";
import { browserKeys, keyOf, readableKey } from "../commands/keys.js";
import { useStudio, useView } from "../session/studio.js";
import { keepFocus } from "../shell/keepFocus.js";
import { useDialogFocus } from "../shell/useDialogFocus.js";

const groups = ["Run", "Edit", "Node", "Arrange", "View", "Graph"] as const;

/** Every command's key; pressing one lets another be chosen. */
export function Shortcuts(): JSX.Element | null {
  return useView((state) => state.shortcuts) ? <OpenShortcuts /> : null;
}

function OpenShortcuts(): JSX.Element {
  const { view } = useStudio();
  const [own, setOwn] = useState<OwnKeys>(readOwnKeys);
  const [choosing, setChoosing] = useState<string | null>(null);
  const dialog = useDialogFocus();
  const change = (next: OwnKeys): void => {
    setOwn(next);
    writeOwnKeys(next);
    setChoosing(null);
  };
  return (
    <div className="dialog-veil" onClick={(event) => event.target === event.currentTarget && view.setState({ shortcuts: false })}>
      <div
        ref={dialog}
        role="dialog"
        aria-modal
        aria-label="Keys"
        tabIndex={-1}
        className="dialog"
        onKeyDown={(event) => {
          if (choosing === null) {
            keepFocus(event);
            return;
          }
          event.preventDefault();
          event.stopPropagation();
          const key = keyOf(event.nativeEvent);
          if (key === "Esc") setChoosing(null);
          else if (key !== undefined && !browserKeys.has(key)) change(bindKey(own, choosing, key));
        }}
      >
        <div className="dialog-head">
          <h2>Keys</h2>
          <small>Press a key's button, then the key you want.</small>
          <button type="button" className="icon-button" aria-label="Close Keys" onClick={() => view.setState({ shortcuts: false })}>
            <X aria-hidden />
          </button>
        </div>
        <div className="shortcut-groups">
          {groups.map((group) => (
            <section key={group}>
              <h3>{group}</h3>
              {commands
                .filter((command) => command.group === group)
                .map((command) => {
                  const [key] = keysOf(command, own);
                  return (
                    <div key={command.id} className="shortcut-row">
                      <span>{command.label}</span>
                      {own[command.id] && (
                        <button
                          type="button"
                          className="icon-button small"
                          aria-label={`First key of ${command.label}`}
                          title="As it was at first"
                          onClick={() => change(bindKey(own, command.id, null))}
                        >
                          <RotateCcw aria-hidden />
                        </button>
                      )}
                      <button
                        type="button"
                        className="key-button"
                        aria-label={`Change the key of ${command.label}`}
                        onClick={() => setChoosing(command.id)}
                      >
                        {choosing === command.id ? "press a key" : key === undefined ? "none" : readableKey(key)}
                      </button>
                    </div>
                  );
                })}
            </section>
          ))}
          <section>
            <h3>By hand</h3>
            {handHints.map(([what, how]) => (
              <div key={what} className="shortcut-row">
                <span>{what}</span>
                <small>{how}</small>
              </div>
            ))}
          </section>
        </div>
      </div>
    </div>
  );
}

const handHints: readonly (readonly [string, string])[] = [
  ["Add a card", "double-click the canvas, or drop a wire"],
  ["Move about", "Space, the middle button, or two fingers"],
  ["Change a number", "drag on it; Shift ×10, Alt ÷10; or type 512*1.5"],
  ["Weigh words of a prompt", "Ctrl+Up and Ctrl+Down"],
  ["Open a graph", "drop a PNG or JSON file anywhere"],
];
