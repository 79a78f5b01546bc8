import { Executable, interpret, optimize, trace, type HostTensor } from "@patchbay/engine";
import { expect } from "vitest";
import { relativeError, type GoldenTensor } from "../../testing/goldenTensors.js";
import type { NetworkBuild } from "../family.js";

/** Runs a network by the oracle and natively, and expects its outputs to be the golden ones. */
export async function expectNetwork(
  build: NetworkBuild,
  inputs: Readonly<Record<string, HostTensor>>,
  expected: Readonly<Record<string, GoldenTensor>>,
  tolerance = 1e-5,
): Promise<void> {
  const specs = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => [name, { shape, dtype: data instanceof Int32Array ? "i32" : "f32" } as const]),
  );
  const graph = trace(specs, build);
  const executable = Executable.compile("golden", optimize(graph));
  for (const [way, outputs] of Object.entries({ oracle: interpret(graph, inputs), native: await executable.run(inputs) })) {
    for (const [name, golden] of Object.entries(expected)) {
      const { data, shape } = outputs[name]!;
      expect({ way, name, shape }).toEqual({ way, name, shape: golden.shape });
      const error = relativeError(data as Float32Array, golden.data);
      expect({ way, name, error, close: error < tolerance }).toMatchObject({ close: true });
    }
  }
  executable.dispose();
}
