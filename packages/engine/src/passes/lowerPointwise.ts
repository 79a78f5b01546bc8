import type { Graph } from "../ir/graph.js";
import { Tensor } from "../ir/tensor.js";
import type { Weight } from "../weights/weight.js";
import { conv2dOp } from "../ops/conv2d.js";
import { linearOp } from "../ops/linear.js";
import { rewrite } from "./rewrite.js";

/** A 1×1 convolution with stride 1 is a linear layer over pixels. */
export function lowerPointwise(graph: Graph): Graph {
  const matrices = new Map<Weight, Tensor>();
  return rewrite(graph, (node) => {
    const [x, weight, bias, channelAdd, residual] = node.inputs;
    const [activation = 0, strideH, strideW, ...padsAndResize] = node.attributes.ints;
    const pointwise = node.op === conv2dOp && weight?.shape[2] === 1 && weight.shape[3] === 1 && weight.source.kind === "weight";
    if (!pointwise || channelAdd || strideH !== 1 || strideW !== 1 || padsAndResize.some((size) => size !== 0)) return undefined;
    const { weight: kernel } = weight.source;
    let matrix = matrices.get(kernel);
    if (!matrix) {
      const view = kernel.reshape(weight.shape.slice(0, 2));
      matrix = new Tensor(view.shape, view.dtype, { kind: "weight", weight: view });
      matrices.set(kernel, matrix);
    }
    return { ...node, op: linearOp, inputs: [x, matrix, bias, residual], attributes: { ints: [activation, 0], floats: [] } };
  });
}
