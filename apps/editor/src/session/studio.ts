import type { Catalog } from "@patchbay/graph";
import type { ReactFlowInstance } from "@xyflow/react";
import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { StoreApi } from "zustand/vanilla";
import type { FlowEdge, FlowModel, FlowNode } from "../canvas/flowModel.js";
import type { DocumentState, DocumentStore } from "../document/documentStore.js";
import type { DraftSummary } from "../document/draftStorage.js";
import type { JobFollower } from "../run/followJobs.js";
import type { RunState, RunStore } from "../run/runStore.js";
import type { ViewState, ViewStore } from "../view/viewStore.js";

export interface CatalogState {
  /** The nodes that run here. */
  readonly here: Catalog;
  /** Those, and once a graph from elsewhere was opened ComfyUI's own: what graphs are read with, and cards drawn from. */
  readonly catalog: Catalog;
  /** Which version of the catalog this is; -1 before the first. */
  readonly version: number;
}

export interface Drafts {
  /** All but the one that is open, the newest first. */
  readonly list: () => Promise<readonly DraftSummary[]>;
  readonly open: (id: string) => Promise<void>;
}

/** What everything in the studio works on. One per window. */
export interface Studio {
  readonly document: DocumentStore;
  readonly view: ViewStore;
  readonly run: RunStore;
  readonly catalog: StoreApi<CatalogState>;
  readonly follower: JobFollower;
  readonly flow: FlowModel;
  /** React Flow's handle, once the canvas is there. */
  readonly canvas: { current: ReactFlowInstance<FlowNode, FlowEdge> | null };
  /** The seeds that the last run used, by node and input. */
  readonly usedSeeds: StoreApi<Readonly<Record<string, Readonly<Record<string, number | bigint>>>>>;
  /** Graphs that were open before, once they can be reached. */
  readonly drafts: { current: Drafts | null };
  /** Whether the server's machine has a file manager to show files in. */
  readonly desktop: { current: boolean };
  /** Grows when pictures come into, or leave, the gallery. */
  readonly results: StoreApi<{ readonly version: number }>;
}

export const StudioContext = createContext<Studio | null>(null);

export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (!studio) throw new Error("The studio's context is missing");
  return studio;
}

export function useDocument<T>(select: (state: DocumentState) => T): T {
  return useStore(useStudio().document, select);
}

export function useView<T>(select: (state: ViewState) => T): T {
  return useStore(useStudio().view, select);
}

export function useRun<T>(select: (state: RunState) => T): T {
  return useStore(useStudio().run, select);
}

export function useCatalog<T>(select: (state: CatalogState) => T): T {
  return useStore(useStudio().catalog, select);
}
