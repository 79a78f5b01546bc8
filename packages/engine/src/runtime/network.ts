import { EngineError } from "@patchbay/engine-bindings";
import type { Tensor, HostTensor } from "../ir/tensor.js";
import { trace, type InputSpec } from "../ir/trace.js";
import { optimize } from "../passes/passes.js";
import { engineArithmetic } from "./engineSettings.js";
import { Executable, type MemoryForecast, type RunOptions } from "./executable.js";

/** A function over symbolic tensors with its weights; compiled once for each set of input shapes and precision. */
export class Network {
  readonly name: string;
  readonly #build: (inputs: Record<string, Tensor>) => Readonly<Record<string, Tensor>>;
  readonly #executables = new Map<string, Executable>();

  /** Plans kept for other shapes; the oldest goes first. Weights are shared by all plans and stay. */
  static readonly plansKept = 4;

  constructor(name: string, build: (inputs: Record<string, Tensor>) => Readonly<Record<string, Tensor>>) {
    this.name = name;
    this.#build = build;
  }

  /**
   * Computes the network's outputs from host tensors, off the event loop.
   * @throws ENGINE_SHAPE when the shapes don't fit, ENGINE_MEMORY when the run can't fit, ENGINE_CANCELLED, WEIGHTS_MISSING
   */
  async run(inputs: Readonly<Record<string, HostTensor>>, options: RunOptions = {}): Promise<Record<string, HostTensor>> {
    return this.compile(specsOf(inputs)).run(inputs, options);
  }

  /** Bytes a run over these shapes will take, before it is run. */
  forecast(inputs: Readonly<Record<string, InputSpec>>): MemoryForecast {
    return this.compile(inputs).memory;
  }

  /** The compiled plan for these shapes. */
  compile(inputs: Readonly<Record<string, InputSpec>>): Executable {
    const { precision } = engineArithmetic();
    const shapes = Object.entries(inputs).map(([name, { shape, dtype = "f32" }]) => `${name}:${dtype}[${shape.join(",")}]`);
    const key = [precision, ...shapes].join(" ");
    let executable = this.#executables.get(key);
    this.#executables.delete(key);
    executable ??= Executable.compile(this.name, optimize(trace(inputs, this.#build)), precision);
    this.#executables.set(key, executable);
    for (const [oldest, plan] of this.#executables) {
      if (this.#executables.size <= Network.plansKept) break;
      this.#executables.delete(oldest);
      plan.dispose();
    }
    return executable;
  }

  /** Bytes that its plans hold between runs, packed weights included; what several networks share counts for each. */
  get bytes(): number {
    let activations = 0;
    let shared = 0;
    for (const { memory } of this.#executables.values()) {
      activations += memory.activations;
      shared = Math.max(shared, memory.weights + memory.workspace);
    }
    return activations + shared;
  }

  /** Frees the plans; weights belong to the model that made them. */
  dispose(): void {
    for (const executable of this.#executables.values()) executable.dispose();
    this.#executables.clear();
  }
}

function specsOf(inputs: Readonly<Record<string, HostTensor>>): Record<string, InputSpec> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => {
      if (!(data instanceof Float32Array) && !(data instanceof Int32Array)) {
        throw new EngineError("ENGINE_INPUT", `could not read input "${name}": it must be a Float32Array or an Int32Array`);
      }
      return [name, { shape, dtype: data instanceof Int32Array ? "i32" : "f32" }];
    }),
  );
}
