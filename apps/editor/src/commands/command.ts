import type { Studio } from "../session/studio.js";

/** Something a user can do: menus, the palette and the keys are made from the list of these. */
export interface Command {
  readonly id: string;
  readonly label: string;
  readonly group: "Run" | "Edit" | "Node" | "Arrange" | "View" | "Graph";
  /** Keys that do it unless the user chose others, as `keyOf` writes them: "Mod+Enter", "Shift+Z", "?". */
  readonly keys: readonly string[];
  /** Also while one types into a field. */
  readonly inText?: boolean;
  /** Only while the canvas has the focus. */
  readonly onCanvas?: boolean;
  /** Of several of which always one holds: what they are about, its name and a sentence among them, and whether it is the one. */
  readonly choice?: {
    readonly among: string;
    readonly label: string;
    readonly help: string;
    readonly chosen: (studio: Studio) => boolean;
  };
  readonly enabled?: (studio: Studio) => boolean;
  readonly run: (studio: Studio) => void | Promise<void>;
}
