import { LINEAR_LAYOUTS } from "@patchbay/engine-bindings";
import type { Graph } from "../ir/graph.js";
import { gegluOp } from "../ops/geglu.js";
import { linearOp } from "../ops/linear.js";
import { rewrite } from "./rewrite.js";

/** Columns of the widest panel that weights are packed in: halves are taken in whole panels. */
const PANEL = 32;

/** A geglu right after a linear becomes its epilogue: the product, twice as wide, is never written. */
export function fuseGeglu(graph: Graph): Graph {
  return rewrite(graph, (node, { soleProducer }) => {
    const before = node.op === gegluOp ? soleProducer(node.inputs[0]) : undefined;
    if (before?.op !== linearOp || before.inputs[3] || node.output.dim(-1) % PANEL !== 0) return undefined;
    const [activation, layout] = before.attributes.ints;
    if (activation !== 0 || layout !== LINEAR_LAYOUTS.indexOf("rows")) return undefined;
    return { ...before, attributes: { ints: [0, LINEAR_LAYOUTS.indexOf("gated")], floats: [] }, output: node.output };
  });
}
