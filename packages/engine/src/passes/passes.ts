import type { Graph } from "../ir/graph.js";
import { foldConstants } from "./foldConstants.js";
import { fuseActivation } from "./fuseActivation.js";
import { fuseAdd } from "./fuseAdd.js";
import { fuseGeglu } from "./fuseGeglu.js";
import { fuseResize } from "./fuseResize.js";
import { lowerPointwise } from "./lowerPointwise.js";
import { eliminateDead } from "./rewrite.js";
import { tileRows, usualTiling } from "./tileRows.js";

/** A rewrite: a graph with the same meaning. */
export type Pass = (graph: Graph) => Graph;

/** All passes in their order. Channel additions come before activations, which come after them in the kernels too. */
export const passes: readonly Pass[] = [eliminateDead, foldConstants, fuseResize, fuseAdd, fuseActivation, lowerPointwise, fuseGeglu];

/** The graph after every pass, large pictures cut into bands; `again` as in Tiling. */
export function optimize(graph: Graph, again = Infinity): Graph {
  const joined = passes.reduce((result, pass) => pass(result), graph);
  return tileRows(joined, { ...usualTiling, again });
}
