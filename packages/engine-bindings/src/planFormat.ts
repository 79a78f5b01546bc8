/**
 * The binary plan: what the compiler front end writes and the native side reads. Little-endian, a sequence of
 * 32-bit words; u64 values are two words, low first.
 *
 * ```
 * magic 0x4C504250 ("PBPL"), version 3
 * tensorCount, opCount, weightCount, inputCount, outputCount, constantBytes
 * arenaBytes u64
 * precision  position in PRECISIONS
 * constantBytes bytes of constants, padded to 4
 * tensor × tensorCount:
 *   kind      0 arena, 1 input, 2 output, 3 weight, 4 constant
 *   dtype     position in DTYPES (weights keep the type of their file)
 *   slot      which input / output / weight (else 0)
 *   rank      0..6
 *   dims      u32 × rank
 *   rowStride u32, elements from one row to the next (last dimension when contiguous)
 *   offset    u64, bytes from the start of the arena, the input, the output or the constants; 64-byte aligned in the arena
 *             unless the tensor is a view
 * op × opCount:
 *   opcode    position in OP_TABLE
 *   inputs    count, tensor index × count
 *   output    tensor index
 *   ints      count, i32 × count
 *   floats    count, f32 × count
 * ```
 * Inputs and outputs are contiguous. An op may write over an input (in place) only where offset, row stride and dims of both
 * are equal and the op is elementwise, a norm or a residual; the planner promises it and the native side checks it.
 */
export const PLAN_MAGIC = 0x4c504250;
export const PLAN_VERSION = 3;
export const TENSOR_KINDS = ["arena", "input", "output", "weight", "constant"] as const;
export type TensorKind = (typeof TENSOR_KINDS)[number];

/**
 * What a plan's products may use: `exact` fp32 arithmetic; `fast` products of bf16 with fp32 sums where the CPU has them; `small` weights
 * in signed bytes with a scale for each 64 of them, multiplied as bytes where the CPU can, and elsewhere what `fast` does.
 */
export const PRECISIONS = ["exact", "fast", "small"] as const;
export type Precision = (typeof PRECISIONS)[number];
