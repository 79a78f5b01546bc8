import type { Graph } from "../ir/graph.js";
import { conv2dOp } from "../ops/conv2d.js";
import { resizeOp } from "../ops/resize.js";
import { rewrite } from "./rewrite.js";

/** A nearest resize right before a convolution is read through its addresses, so the larger picture is never written. */
export function fuseResize(graph: Graph): Graph {
  return rewrite(graph, (node, { soleProducer }) => {
    if (node.op !== conv2dOp || node.attributes.ints[7] !== 0) return undefined;
    const resize = soleProducer(node.inputs[0]);
    if (resize?.op !== resizeOp || resize.attributes.ints[0] !== 0) return undefined;
    const ints = node.attributes.ints.with(7, resize.output.dim(1)).with(8, resize.output.dim(2));
    return { ...node, inputs: node.inputs.with(0, resize.inputs[0]), attributes: { ...node.attributes, ints } };
  });
}
