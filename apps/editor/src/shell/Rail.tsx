import { Images, ListOrdered, Map as MapIcon, PanelBottom, PanelRight, Plus, Search } from "lucide-react";
import type { JSX } from "react";
import { useShowsMinimap } from "../canvas/showsMinimap.js";
import { useView } from "../session/studio.js";
import { CommandButton } from "./CommandButton.js";

/** The rail at the left: what opens beside the canvas. */
export function Rail(): JSX.Element {
  const panel = useView((state) => state.panel);
  const strip = useView((state) => state.strip);
  const minimap = useShowsMinimap();
  const inspector = useView((state) => state.inspector);
  return (
    <nav className="rail" aria-label="Panels">
      <CommandButton id="add" icon={<Plus aria-hidden />} />
      <CommandButton id="findNode" icon={<Search aria-hidden />} />
      <CommandButton id="results" icon={<Images aria-hidden />} on={panel === "results"} />
      <CommandButton id="queue" icon={<ListOrdered aria-hidden />} on={panel === "queue"} />
      <div className="rail-space" />
      <CommandButton id="inspector" icon={<PanelRight aria-hidden />} on={inspector} />
      <CommandButton id="minimap" icon={<MapIcon aria-hidden />} on={minimap} />
      <CommandButton id="strip" icon={<PanelBottom aria-hidden />} on={strip} />
    </nav>
  );
}
