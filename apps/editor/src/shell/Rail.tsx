import { Images, ListOrdered, Map as MapIcon, PanelBottom, PanelRight, Plus, Search } from "lucide-react";
import type { JSX } from "react";
import { useShowsMinimap } from "../canvas/showsMinimap.js";
import { commandOf } from "../commands/commands.js";
import { runCommand } from "../commands/useKeys.js";
import { useKeyHint } from "../commands/useKeyHint.js";
import { useStudio, useView } from "../session/studio.js";

/** The rail at the left: what opens beside the canvas. */
export function Rail(): JSX.Element {
  const panel = useView((state) => state.panel);
  const strip = useView((state) => state.strip);
  const minimap = useShowsMinimap();
  const inspector = useView((state) => state.inspector);
  return (
    <nav className="rail" aria-label="Panels">
      <RailButton id="add" icon={<Plus aria-hidden />} />
      <RailButton id="findNode" icon={<Search aria-hidden />} />
      <RailButton id="results" icon={<Images aria-hidden />} on={panel === "results"} />
      <RailButton id="queue" icon={<ListOrdered aria-hidden />} on={panel === "queue"} />
      <div className="rail-space" />
      <RailButton id="inspector" icon={<PanelRight aria-hidden />} on={inspector} />
      <RailButton id="minimap" icon={<MapIcon aria-hidden />} on={minimap} />
      <RailButton id="strip" icon={<PanelBottom aria-hidden />} on={strip} />
    </nav>
  );
}

function RailButton({ id, icon, on }: { readonly id: string; readonly icon: JSX.Element; readonly on?: boolean }): JSX.Element {
  const studio = useStudio();
  const command = commandOf(id);
  const hint = useKeyHint(id);
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={command.label}
      title={hint}
      {...(on !== undefined && { "aria-pressed": on })}
      onClick={() => runCommand(studio, command)}
    >
      {icon}
    </button>
  );
}
