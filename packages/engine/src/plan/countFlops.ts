import { LINEAR_LAYOUTS } from "@patchbay/engine-bindings";
import type { Node } from "../ir/tensor.js";

/** Multiplications and additions of one op, each counted as one; 0 for ops that only read and write. */
export function countFlops({ op, inputs, output, attributes }: Node): number {
  const [first, second] = inputs;
  switch (op.name) {
    case "linear":
      return 2 * output.elements * first!.dim(-1) * (LINEAR_LAYOUTS[attributes.ints[1]!] === "gated" ? 2 : 1);
    case "conv2d":
      return (2 * output.elements * second!.elements) / second!.dim(0);
    case "matmul":
      return 2 * output.elements * first!.dim(-1);
    case "attention":
      // q·kᵀ and its product with v; a causal mask leaves about half.
      return (4 * output.elements * second!.dim(1)) / (attributes.ints[1] ? 2 : 1);
    default:
      return 0;
  }
}
