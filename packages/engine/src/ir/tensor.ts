import type { DType, OpName } from "@patchbay/engine-bindings";
import type { Weight } from "../weights/weight.js";
import { elementCount } from "./shape.js";

/** IR ops: those of the plan, and `reshape`, which planning turns into a view or a copy. */
export type IrOp = OpName | "reshape";

/** Attributes in the order of OP_TABLE, without the `operands` mask (it follows from which inputs are there). */
export interface Attributes {
  readonly ints: readonly number[];
  readonly floats: readonly number[];
}

/** What an op is: how its shape follows from its operands, and the naive meaning that kernels and passes are tested against. */
export interface OpDefinition {
  readonly name: IrOp;
  /** The output's shape; `requested` where operands and attributes leave it open. @throws ENGINE_SHAPE */
  infer(inputs: readonly (Tensor | undefined)[], attributes: Attributes, requested: readonly number[] | undefined): readonly number[];
  /** Computes the output from host values; sums run in double precision. */
  reference(inputs: readonly (HostTensor | undefined)[], attributes: Attributes, shape: readonly number[]): Float32Array;
}

/** One op of a graph. `inputs` follows OP_TABLE; an operand that is left out is undefined. */
export interface Node {
  readonly op: OpDefinition;
  readonly inputs: readonly (Tensor | undefined)[];
  readonly attributes: Attributes;
  readonly output: Tensor;
  /** Path of the block it was traced in, for profiles and dumps. */
  readonly region: string;
}

/** A symbolic tensor: a shape and where its values come from. Activations are fp32, channels-last. */
export class Tensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly source: TensorSource;

  constructor(shape: readonly number[], dtype: DType, source: TensorSource) {
    this.shape = shape;
    this.dtype = dtype;
    this.source = source;
  }

  /** Size of dimension `axis`; negative counts from the end. */
  dim(axis: number): number {
    const size = this.shape.at(axis);
    if (size === undefined) throw new RangeError(`could not read dimension ${axis} of a tensor of rank ${this.shape.length}`);
    return size;
  }

  get elements(): number {
    return elementCount(this.shape);
  }
}

export type TensorSource =
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "weight"; readonly weight: Weight }
  | { readonly kind: "constant"; readonly data: Float32Array | Int32Array }
  | { readonly kind: "computed" };

/** Values on the host, row-major. */
export interface HostTensor {
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}
