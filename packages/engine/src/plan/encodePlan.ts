import type { Graph } from "../ir/graph.js";
import type { Weight } from "../weights/weight.js";
import type { MemoryPlan } from "./planMemory.js";
export function encodePlan(_graph: Graph, _memory: MemoryPlan): { bytes: Uint8Array; weights: Weight[] } {
  return { bytes: new Uint8Array(), weights: [] };
}
