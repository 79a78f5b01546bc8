import "@xyflow/react/dist/base.css";
import "./theme/tokens.css";
import "./theme/base.css";
import "./theme/shell.css";
import "./theme/canvas.css";
import "./theme/card.css";
import "./theme/panels.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.js";
import { openStudio } from "./session/openStudio.js";
import type { Studio } from "./session/studio.js";

declare global {
  var patchbay: Studio;
}

const element = document.getElementById("studio");
if (!element) throw new Error("The page has no place for the studio");
const studio = openStudio();
// For the console, and for tests.
globalThis.patchbay = studio;
createRoot(element).render(
  <StrictMode>
    <App studio={studio} />
  </StrictMode>,
);
