import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, type JSX } from "react";
import { Canvas } from "./canvas/Canvas.js";
import { pasteGraph } from "./commands/editCommands.js";
import { useKeys } from "./commands/useKeys.js";
import { Inspector } from "./panels/Inspector.js";
import { Lightbox } from "./panels/Lightbox.js";
import { QueuePanel } from "./panels/QueuePanel.js";
import { ResultsPanel, ResultsStrip } from "./panels/ResultsPanel.js";
import { Shortcuts } from "./panels/Shortcuts.js";
import { AddSearch } from "./search/AddSearch.js";
import { Palette } from "./search/Palette.js";
import { WireByName } from "./search/WireByName.js";
import { listenToDrops } from "./session/drops.js";
import { StudioContext, useView, type Studio } from "./session/studio.js";
import { ContextMenu } from "./shell/ContextMenu.js";
import { DropVeil } from "./shell/DropVeil.js";
import { Hint } from "./shell/Hint.js";
import { Rail } from "./shell/Rail.js";
import { Toasts } from "./shell/Toasts.js";
import { TopBar } from "./shell/TopBar.js";

/** The whole studio. */
export function App({ studio }: { readonly studio: Studio }): JSX.Element {
  useKeys(studio);
  useEffect(() => listenToDrops(studio, (text) => pasteGraph(studio, text)), [studio]);
  return (
    <StudioContext value={studio}>
      <ReactFlowProvider>
        <TopBar />
        <Stage />
        <AddSearch />
        <Palette />
        <WireByName />
        <ContextMenu />
        <Shortcuts />
        <Lightbox />
        <DropVeil />
        <Toasts />
      </ReactFlowProvider>
    </StudioContext>
  );
}

function Stage(): JSX.Element {
  const panel = useView((state) => state.panel);
  const strip = useView((state) => state.strip);
  const inspector = useView((state) => state.inspector);
  return (
    <main className={strip ? undefined : "no-strip"}>
      <Canvas />
      <Rail />
      {panel === "queue" && <QueuePanel />}
      {panel === "results" && <ResultsPanel />}
      {inspector && <Inspector />}
      {strip && <ResultsStrip />}
      <Hint />
    </main>
  );
}
