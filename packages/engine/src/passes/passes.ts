import type { Graph } from "../ir/graph.js";

/** A rewrite: a graph with the same meaning. */
export type Pass = (graph: Graph) => Graph;

/** All passes in their order. */
export const passes: readonly Pass[] = [];

/** The graph after every pass. */
export function defaultPasses(graph: Graph): Graph {
  return passes.reduce((result, pass) => pass(result), graph);
}
