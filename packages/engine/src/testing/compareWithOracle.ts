import { loadNative } from "@patchbay/engine-bindings";
import { expect } from "vitest";
import { interpret } from "../interpret/interpret.js";
import { verifyGraph } from "../ir/graph.js";
import { elementCount } from "../ir/shape.js";
import type { HostTensor, Tensor } from "../ir/tensor.js";
import { trace, type InputSpec } from "../ir/trace.js";
import { optimize } from "../passes/passes.js";
import { tileRows, type Tiling } from "../passes/tileRows.js";
import { Executable } from "../runtime/executable.js";
import { Weight } from "../weights/weight.js";
import { WeightScope } from "../weights/weightScope.js";

/** Uniform numbers in -1..1 from a seed (mulberry32). */
export function randomArray(elements: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: elements }, () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
}

/** A scope of random weights: name → shape. */
export function randomWeights(shapes: Readonly<Record<string, readonly number[]>>, seed = 7): WeightScope {
  return new WeightScope(
    new Map(
      Object.entries(shapes).map(([name, shape], at) => [
        name,
        Weight.inMemory(name, randomArray(elementCount(shape), seed * 1000 + at), "f32", shape),
      ]),
    ),
  );
}

/** Cuts what tests are made of: bands of four rows. */
export const SMALL_BANDS: Tiling = { least: 64, pixels: 1 };

/** ‖a - b‖ / ‖b‖. */
export function relativeError(actual: Float32Array | Int32Array, expected: Float32Array | Int32Array): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    norm += expected[i]! ** 2;
  }
  return Math.sqrt(difference / (norm || 1));
}

/**
 * Traces `build` and expects the interpreter on the plain graph, the interpreter on the optimised graph, as it is, cut into bands, and
 * with bands that are computed again, and the native plans of these on every instruction set of this machine to agree; 1 and 3 threads must give the same bits.
 */
export async function expectNativeMatchesOracle(
  inputs: Readonly<Record<string, InputSpec>>,
  build: (inputs: Record<string, Tensor>) => Readonly<Record<string, Tensor>>,
  { tolerance = 2e-6, values = {} }: { tolerance?: number; values?: Readonly<Record<string, Float32Array | Int32Array>> } = {},
): Promise<void> {
  const given: Record<string, HostTensor> = {};
  Object.entries(inputs).forEach(([name, { shape }], at) => {
    given[name] = { data: values[name] ?? randomArray(elementCount(shape), 31 + at), shape };
  });
  const graph = trace(inputs, build);
  const expected = interpret(graph, given);
  const optimised = optimize(graph);
  const tiled = tileRows(optimised, SMALL_BANDS);
  const recomputing = tileRows(optimised, { ...SMALL_BANDS, again: SMALL_BANDS.least });
  const variants = tiled.nodes.length === optimised.nodes.length ? { optimised } : { optimised, tiled, recomputing };
  const close = (actual: Record<string, HostTensor>, what: string): void => {
    for (const [name, tensor] of Object.entries(expected)) {
      expect(actual[name]!.shape).toEqual(tensor.shape);
      expect(relativeError(actual[name]!.data, tensor.data), `${what}: ${name}`).toBeLessThan(tolerance);
    }
  };
  const native = loadNative();
  const before = native.configuration();
  for (const [variant, changed] of Object.entries(variants)) {
    verifyGraph(changed);
    close(interpret(changed, given), variant);
    for (const isa of native.availableIsas) {
      native.configure({ isa, threads: 1 });
      const executable = Executable.compile("test", changed);
      const single = await executable.run(given);
      close(single, `${variant}, ${isa}`);
      native.configure({ isa, threads: 3 });
      const several = await executable.run(given);
      for (const [name, { data }] of Object.entries(single))
        expect(several[name]!.data, `${variant}, ${isa}: threads change ${name}`).toEqual(data);
      executable.dispose();
    }
  }
  native.configure(before);
}
