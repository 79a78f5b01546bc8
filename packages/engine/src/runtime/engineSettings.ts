import { loadNative } from "@patchbay/engine-bindings";

export interface EngineSettings {
  /** Threads of the pool, 1 … 256. Results don't depend on it. */
  readonly threads?: number;
  /** "avx512", "avx2" or "generic". */
  readonly isa?: string;
}

/** Changes how later runs are computed; what is left out stays. @throws ENGINE_ARGUMENT, ENGINE_ISA, ENGINE_NOT_BUILT */
export function configureEngine(settings: EngineSettings): void {
  loadNative().configure(settings);
}

/** Bytes the engine holds now, and the most it has held. @throws ENGINE_NOT_BUILT */
export function engineMemory(): { readonly current: number; readonly peak: number } {
  return loadNative().memory();
}
