import { EngineError, loadNative, PRECISIONS, type Precision } from "@patchbay/engine-bindings";

export interface EngineSettings {
  /** Threads of the pool, 1 … 256. Results don't depend on it. */
  readonly threads?: number;
  /** "avx512bf16", "avx512vnni", "avx512", "avx2" or "generic". */
  readonly isa?: string;
  /** Which arithmetic networks that are run from now on may use; "exact" unless set. */
  readonly precision?: Precision;
}

let wanted: Precision = "exact";

/** Changes how later runs are computed; what is left out stays. @throws ENGINE_ARGUMENT, ENGINE_ISA, ENGINE_NOT_BUILT */
export function configureEngine({ precision, ...native }: EngineSettings): void {
  if (precision !== undefined && !PRECISIONS.includes(precision)) {
    throw new EngineError("ENGINE_ARGUMENT", `could not use the precision "${precision}": it must be ${PRECISIONS.join(", ")}`);
  }
  loadNative().configure(native);
  wanted = precision ?? wanted;
}

/** What runs are computed with. Where the instruction set has no products of bf16, "fast" is "exact". @throws ENGINE_NOT_BUILT */
export function engineArithmetic(): { readonly precision: Precision; readonly isa: string; readonly threads: number } {
  const { isa, threads, precisions } = loadNative().configuration();
  return { precision: precisions.includes(wanted) ? wanted : "exact", isa, threads };
}

/** Bytes the engine holds now, and the most it has held. @throws ENGINE_NOT_BUILT */
export function engineMemory(): { readonly current: number; readonly peak: number } {
  return loadNative().memory();
}
