import { DTYPES, OP_TABLE, type DType, type OpName } from "../opTable.js";
import { PLAN_MAGIC, PLAN_VERSION, TENSOR_KINDS, type TensorKind } from "../planFormat.js";

export interface TestTensor {
  readonly kind: TensorKind;
  readonly dtype?: DType;
  readonly slot?: number;
  readonly dims: readonly number[];
  readonly rowStride?: number;
  readonly offset?: number;
}

export interface TestOp {
  readonly op: OpName;
  readonly inputs: readonly number[];
  readonly output: number;
  readonly ints?: readonly number[];
  readonly floats?: readonly number[];
}

export interface TestPlan {
  readonly tensors: readonly TestTensor[];
  readonly ops: readonly TestOp[];
  readonly weights?: number;
  readonly inputs?: number;
  readonly outputs?: number;
  readonly arenaBytes?: number;
  readonly constants?: Float32Array;
}

/** A plan's bytes, written by hand: tests say exactly what reaches the native side, right or wrong. */
export function writePlan({
  tensors,
  ops,
  weights = 0,
  inputs = 1,
  outputs = 1,
  arenaBytes = 0,
  constants = new Float32Array(),
}: TestPlan): Uint8Array {
  const words = [PLAN_MAGIC, PLAN_VERSION, tensors.length, ops.length, weights, inputs, outputs, constants.byteLength, arenaBytes, 0, 0];
  words.push(...new Uint32Array(constants.buffer));
  for (const { kind, dtype = "f32", slot = 0, dims, rowStride = dims.at(-1) ?? 1, offset = 0 } of tensors) {
    words.push(TENSOR_KINDS.indexOf(kind), DTYPES.indexOf(dtype), slot, dims.length, ...dims, rowStride, offset, 0);
  }
  for (const { op, inputs: operands, output, ints = [], floats = [] } of ops) {
    const opcode = OP_TABLE.findIndex(({ name }) => name === op);
    words.push(opcode, operands.length, ...operands, output, ints.length, ...ints, floats.length);
    words.push(...new Uint32Array(Float32Array.from(floats).buffer));
  }
  return new Uint8Array(Uint32Array.from(words).buffer);
}
