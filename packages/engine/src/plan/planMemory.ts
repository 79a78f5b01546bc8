import type { Graph } from "../ir/graph.js";
export interface MemoryPlan {
  readonly arenaBytes: number;
}
export function planMemory(_graph: Graph): MemoryPlan {
  return { arenaBytes: 0 };
}
