import { ChevronDown, Loader, Play } from "lucide-react";
import { useRef, useState, type JSX } from "react";
import { commandOf } from "../commands/commands.js";
import { useKeyHint } from "../commands/useKeyHint.js";
import { precisionNames } from "../run/precisionNames.js";
import { useRun, useStudio, useView } from "../session/studio.js";

/** Run, and beside it how: the menu, and the precision that runs ask for where it is not the server's. */
export function RunButton(): JSX.Element {
  return (
    <div className="run-buttons">
      <RunNow />
      <RunMenuButton />
    </div>
  );
}

function RunNow(): JSX.Element {
  const studio = useStudio();
  const hint = useKeyHint("run");
  const connected = useRun((state) => state.connected);
  const [sending, setSending] = useState(false);
  return (
    <button
      type="button"
      className="run-button"
      title={hint}
      disabled={!connected}
      onClick={() => {
        setSending(true);
        void Promise.resolve(commandOf("run").run(studio)).finally(() => setSending(false));
      }}
    >
      {sending ? <Loader className="spin" aria-hidden /> : <Play aria-hidden fill="currentColor" />}
      Run
    </button>
  );
}

function RunMenuButton(): JSX.Element {
  const { view } = useStudio();
  const precision = useView((state) => state.precision);
  const open = useView(({ menu }) => menu?.target.kind === "run");
  const button = useRef<HTMLButtonElement>(null);
  const name = precision === null ? "Server default" : precisionNames[precision];
  return (
    <button
      ref={button}
      type="button"
      className="run-button run-menu-button"
      title={`How to run. Precision: ${name}`}
      aria-label={`Run menu, precision: ${name}`}
      aria-haspopup="menu"
      aria-expanded={open}
      onClick={() => {
        const { left = 0, bottom = 0 } = button.current?.getBoundingClientRect() ?? {};
        view.setState({ menu: { at: [left, bottom + 4], target: { kind: "run" } } });
      }}
    >
      {precision !== null && <span>{name}</span>}
      <ChevronDown aria-hidden />
    </button>
  );
}
