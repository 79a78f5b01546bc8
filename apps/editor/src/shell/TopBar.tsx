import { ChevronDown, Keyboard, Loader, Moon, Play, Redo2, Square, Sun, Undo2 } from "lucide-react";
import { useRef, useState, type JSX } from "react";
import { cancelJob, jobToCancel } from "../commands/runCommands.js";
import { commandOf } from "../commands/commands.js";
import { runCommand } from "../commands/useKeys.js";
import { useKeyHint } from "../commands/useKeyHint.js";
import { useDocument, useRun, useStudio, useView } from "../session/studio.js";
import { NameInput } from "./NameInput.js";

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

function RunButton(): JSX.Element {
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

/** What is happening, in a few words. */
function RunState(): JSX.Element | null {
  const connected = useRun((state) => state.connected);
  const worker = useRun((state) => state.worker);
  const state = useRun(({ shownState }) => shownState);
  const done = useRun((run) => run.done);
  const total = useRun((run) => run.total);
  const text = !connected
    ? "Not connected. Trying again …"
    : worker === "down"
      ? "The engine stopped. Starting it again …"
      : worker === "starting"
        ? "The engine is starting …"
        : state === "running"
          ? `${done} of ${total} cards`
          : state === "cancelling"
            ? "Stopping …"
            : state === "queued"
              ? "Waiting"
              : state === "cancelled"
                ? "Cancelled"
                : "";
  return (
    <span className={connected ? "run-state" : "run-state wrong"} role="status">
      {text}
    </span>
  );
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

function CommandButton({ id, icon }: { readonly id: string; readonly icon: JSX.Element }): JSX.Element {
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
      disabled={!enabled}
      onClick={() => runCommand(studio, command)}
    >
      {icon}
    </button>
  );
}
