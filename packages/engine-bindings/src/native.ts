import type { DType } from "./opTable.js";
import type { Precision } from "./planFormat.js";

/**
 * The whole native contract: what the addon exports. A failing call throws (or rejects with) an
 * Error that carries a `code`; `loadNative.ts` turns it into an EngineError.
 */
export interface NativeEngine {
  /** Instruction sets this machine can run, best first, e.g. ["avx512bf16", "avx512vnni", "avx512", "avx2", "generic"]. */
  readonly availableIsas: readonly string[];
  /**
   * Sets threads and instruction set for later runs. The pool is created by the first call that needs it
   * and is only replaced when the number changes while nothing runs.
   * @throws ENGINE_ISA when this machine lacks `isa`; ENGINE_ARGUMENT when threads is not in 1..256.
   */
  configure(options: { threads?: number; isa?: string }): void;
  /** What runs are computed with; `precisions` are those whose arithmetic the instruction set has: "fast" needs products of bf16. */
  configuration(): { threads: number; isa: string; precisions: readonly Precision[] };
  /** Maps a file read-only. Weights keep it alive. @throws ENGINE_FILE */
  openFile(path: string): NativeFile;
  /** A weight that lies in a mapped file at `byteOffset`. @throws ENGINE_BOUNDS when it leaves the file. */
  fileWeight(file: NativeFile, byteOffset: bigint, dtype: DType, shape: readonly number[]): NativeWeight;
  /** A weight with its own copy of `data`. @throws ENGINE_BOUNDS when the byte lengths differ. */
  memoryWeight(data: ArrayBufferView, dtype: DType, shape: readonly number[]): NativeWeight;
  /** The weight's elements widened to fp32. */
  readWeight(weight: NativeWeight): Float32Array;
  /** Frees packed forms (and the memory of a memory weight); using it later is ENGINE_DISPOSED. Idempotent. */
  disposeWeight(weight: NativeWeight): void;
  /**
   * Decodes and checks a plan (see planFormat.ts): every shape, offset and operand is verified again here.
   * @throws ENGINE_PLAN with the op's position and what is wrong.
   */
  loadPlan(plan: Uint8Array, weights: readonly NativeWeight[]): NativePlan;
  /** Bytes: arena, workspace (scratch of all threads), weights (what packing will hold, packed once per weight and form). */
  planMemory(plan: NativePlan): { arena: number; workspace: number; packedWeights: number };
  /**
   * Queues one run on the engine's own thread; runs are served one after another, in order.
   * Resolves when `outputs` are filled. Inputs and outputs must not be touched by the caller meanwhile
   * (nor transferred); each is kept alive until the run ends. The same memory given twice makes the results undefined.
   * `cancel` is a one-element Int32Array; a non-zero value ends the run, in the middle of an op too: ENGINE_CANCELLED.
   * `progress(done, total)` is called on the event loop, at most about 20 times a second, in ops.
   * `memoryLimit` is for all that the engine holds, in bytes. To keep to it, packed weights that the plan does not need are freed, then those
   * that it needs, each to be packed again for its op.
   * @throws ENGINE_MEMORY when an allocation fails or `memoryLimit` would be passed even so, before anything is computed;
   * ENGINE_INPUT when a buffer is missing, short or not aligned; ENGINE_DISPOSED; ENGINE_BOUNDS when a gather's id is outside its table.
   */
  run(
    plan: NativePlan,
    inputs: readonly ArrayBufferView[],
    outputs: readonly ArrayBufferView[],
    options: { cancel?: Int32Array; progress?: (done: number, total: number) => void; memoryLimit?: number; profile?: boolean },
  ): Promise<NativeRunReport>;
  /** Frees the memory kept for the plan's next run, after what is queued. The plan can still be run. Idempotent. */
  disposePlan(plan: NativePlan): void;
  /** Bytes the engine holds now and the highest since the last `resetPeak`. */
  memory(): { current: number; peak: number };
  resetPeak(): void;
}

export interface NativeRunReport {
  milliseconds: number;
  /** Per op in plan order, nanoseconds; only when profile was asked for. */
  opNanoseconds: Float64Array | null;
}

declare const file: unique symbol;
declare const weight: unique symbol;
declare const plan: unique symbol;
export interface NativeFile {
  readonly [file]: true;
}
export interface NativeWeight {
  readonly [weight]: true;
}
export interface NativePlan {
  readonly [plan]: true;
}
