import { ACTIVATIONS, UNARY_FUNCTIONS } from "@patchbay/engine-bindings";
import type { Graph } from "../ir/graph.js";
import type { Node } from "../ir/tensor.js";
import { conv2dOp } from "../ops/conv2d.js";
import { groupNormOp } from "../ops/groupNorm.js";
import { linearOp } from "../ops/linear.js";
import { unaryOp } from "../ops/unary.js";
import { rewrite } from "./rewrite.js";

/** Where each op keeps its activation among its ints, and its residual among its operands. */
const places = new Map([
  [linearOp, { activation: 0, residual: 3 }],
  [conv2dOp, { activation: 0, residual: 4 }],
  [groupNormOp, { activation: 1, residual: undefined }],
]);

/** silu, gelu and quickGelu right after a linear, a convolution or a group norm become its activation. */
export function fuseActivation(graph: Graph): Graph {
  return rewrite(graph, (node, { soleProducer }): Node | undefined => {
    if (node.op !== unaryOp) return undefined;
    const activation = (ACTIVATIONS as readonly string[]).indexOf(UNARY_FUNCTIONS[node.attributes.ints[0]!]!);
    const before = soleProducer(node.inputs[0]);
    const place = before && places.get(before.op);
    if (activation < 0 || !place || before.attributes.ints[place.activation] !== 0) return undefined;
    if (place.residual !== undefined && before.inputs[place.residual]) return undefined;
    const ints = before.attributes.ints.map((value, at) => (at === place.activation ? activation : value));
    return { ...before, attributes: { ...before.attributes, ints }, output: node.output };
  });
}
