import { ChevronDown, Keyboard, Moon, Redo2, Square, Sun, Undo2 } from "lucide-react";
import { useRef, useState, type JSX } from "react";
import { cancelJob, jobToCancel } from "../commands/runCommands.js";
import { commandOf } from "../commands/commands.js";
import { runCommand } from "../commands/useKeys.js";
import { useKeyHint } from "../commands/useKeyHint.js";
import { fallbackReason, precisionUsed } from "../run/precisionNames.js";
import type { RunState as RunStoreState } from "../run/runStore.js";
import { useDocument, useRun, useStudio, useView } from "../session/studio.js";
import { CommandButton } from "./CommandButton.js";
import { NameInput } from "./NameInput.js";
import { RunButton } from "./RunButton.js";

/** The bar: what graph this is, Run, and what is waiting. */
export function TopBar(): JSX.Element {
  const studio = useStudio();
  return (
    <header className="bar">
      <GraphName />
      <div className="bar-group">
        <CommandButton id="undo" icon={<Undo2 aria-hidden />} />
        <CommandButton id="redo" icon={<Redo2 aria-hidden />} />
      </div>
      <div className="bar-space" />
      <RunState />
      <CancelButton />
      <RunButton />
      <QueueButton />
      <div className="bar-group">
        <CommandButton id="shortcuts" icon={<Keyboard aria-hidden />} />
        <ThemeButton onClick={() => runCommand(studio, commandOf("theme"))} />
      </div>
    </header>
  );
}

function GraphName(): JSX.Element {
  const { document, view } = useStudio();
  const title = useDocument((state) => state.document.title);
  const [editing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const rename = (name: string | null): void => {
    setEditing(false);
    if (name !== null)
      document.getState().apply([{ kind: "setGraphTitle", ...(name !== "" && { title: name }) }], { label: "Rename the graph" });
  };
  return (
    <div className="graph-name">
      <img src="/patchbay.svg" alt="Patchbay" width={22} height={22} />
      {editing ? (
        <NameInput label="Name of the graph" value={title ?? ""} onEnd={rename} />
      ) : (
        <button type="button" className="graph-title" title="Rename the graph" onClick={() => setEditing(true)}>
          {title ?? "Untitled"}
        </button>
      )}
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label="Graph menu"
        aria-haspopup="menu"
        onClick={() => {
          const { left = 0, bottom = 0 } = button.current?.getBoundingClientRect() ?? {};
          view.setState({ menu: { at: [left, bottom + 4], target: { kind: "graph" } } });
        }}
      >
        <ChevronDown aria-hidden />
      </button>
    </div>
  );
}

function CancelButton(): JSX.Element | null {
  const studio = useStudio();
  const hint = useKeyHint("cancel");
  const busy = useRun(({ queue }) => queue.length > 0);
  if (!busy) return null;
  return (
    <button
      type="button"
      className="button"
      title={hint}
      onClick={() => {
        const id = jobToCancel(studio);
        if (id !== undefined) void cancelJob(studio, id);
      }}
    >
      <Square aria-hidden fill="currentColor" />
      Cancel
    </button>
  );
}

function QueueButton(): JSX.Element {
  const { view } = useStudio();
  const waiting = useRun(({ queue }) => queue.filter(({ state }) => state === "queued").length);
  const open = useView(({ panel }) => panel === "queue");
  const hint = useKeyHint("queue");
  return (
    <button
      type="button"
      className="queue-button"
      aria-expanded={open}
      title={hint}
      onClick={() => view.setState({ panel: open ? null : "queue" })}
    >
      {waiting === 0 ? "Queue" : `${waiting} waiting`}
    </button>
  );
}

/** What is happening, or went wrong with no one card, in a few words. */
function RunState(): JSX.Element {
  const text = useRun(stateText);
  const wrong = useRun(({ connected, graphProblems }) => !connected || graphProblems.length > 0);
  // Of the shown job, once it is done: that it was computed with something else than was asked for.
  const used = useRun(({ arithmetic, shownState }) => (shownState === "done" && arithmetic?.asked ? arithmetic : null));
  return (
    <span className={wrong ? "run-state wrong" : "run-state"} role="status" title={text === "" ? fallbackReason(used) : undefined}>
      {text === "" ? precisionUsed(used) : text}
    </span>
  );
}

function stateText({ connected, worker, shownState, done, total, graphProblems }: RunStoreState): string {
  if (!connected) return "Not connected. Trying again …";
  if (worker === "down") return "The engine stopped. Starting it again …";
  if (worker === "starting") return "The engine is starting …";
  if (shownState === "running") return `${done} of ${total} cards`;
  if (shownState === "cancelling") return "Stopping …";
  if (shownState === "queued") return "Waiting";
  if (shownState === "cancelled") return "Cancelled";
  return graphProblems[0]?.message ?? "";
}

function ThemeButton({ onClick }: { readonly onClick: () => void }): JSX.Element {
  const theme = useView((state) => state.theme);
  const label = theme === "dark" ? "Light theme" : "Dark theme";
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={onClick}>
      {theme === "dark" ? <Sun aria-hidden /> : <Moon aria-hidden />}
    </button>
  );
}
