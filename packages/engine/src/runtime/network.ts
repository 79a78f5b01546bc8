import { EngineError } from "@patchbay/engine-bindings";
import type { Tensor, HostTensor } from "../ir/tensor.js";
import { trace, type InputSpec } from "../ir/trace.js";
import { optimize } from "../passes/passes.js";
import { usualTiling } from "../passes/tileRows.js";
import { engineArithmetic } from "./engineSettings.js";
import { Executable, type MemoryForecast, type RunOptions } from "./executable.js";

/** A function over symbolic tensors with its weights; compiled once for each set of input shapes and precision. */
export class Network {
  readonly name: string;
  readonly #build: (inputs: Record<string, Tensor>) => Readonly<Record<string, Tensor>>;
  readonly #executables = new Map<string, Executable>();
  /** What `again` the last run over some shapes took whose usual plan was refused, so that the next need not search for it. */
  readonly #fitting = new Map<string, number>();

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
    const specs = specsOf(inputs);
    const executable = this.compile(specs);
    try {
      return await executable.run(inputs, options);
    } catch (error) {
      if (!isRefused(error)) throw error;
      return await this.#runInLess(executable.memory.activations, specs, inputs, options, error);
    }
  }

  /** Runs with plans that keep less and less of `refused` bytes and compute it again, until one fits. @throws what it was refused with */
  async #runInLess(
    refused: number,
    specs: Readonly<Record<string, InputSpec>>,
    inputs: Readonly<Record<string, HostTensor>>,
    options: RunOptions,
    refusal: EngineError,
  ): Promise<Record<string, HostTensor>> {
    const key = keyOf(specs);
    const known = this.#fitting.get(key);
    if (known !== undefined) {
      try {
        return await this.compile(specs, known).run(inputs, options);
      } catch (error) {
        if (!isRefused(error)) throw error;
      }
    }
    const isLess = ({ memory }: Executable, than: number): boolean => memory.activations < 0.95 * than;
    const smallest = this.compile(specs, usualTiling.least);
    this.#forget(smallest);
    if (!isLess(smallest, refused)) throw refusal;
    let least = refused;
    for (let again = 2 ** Math.floor(Math.log2(least)); again >= usualTiling.least; again /= 2) {
      const executable = this.compile(specs, again);
      if (isLess(executable, least)) {
        least = executable.memory.activations;
        try {
          const outputs = await executable.run(inputs, options);
          this.#fitting.set(key, again);
          return outputs;
        } catch (error) {
          if (!isRefused(error)) throw error;
        }
      }
      // Kept, it would drive out plans that fit.
      this.#forget(executable);
    }
    throw refusal;
  }

  /** Bytes a run over these shapes will take, before it is run. */
  forecast(inputs: Readonly<Record<string, InputSpec>>): MemoryForecast {
    return this.compile(inputs).memory;
  }

  /** The compiled plan for these shapes; `again`: bytes of the smallest tensors that it computes again instead of keeping them. */
  compile(inputs: Readonly<Record<string, InputSpec>>, again = Infinity): Executable {
    const { precision } = engineArithmetic();
    const key = `${precision} ${again} ${keyOf(inputs)}`;
    let executable = this.#executables.get(key);
    this.#executables.delete(key);
    executable ??= Executable.compile(this.name, optimize(trace(inputs, this.#build), again), precision);
    this.#executables.set(key, executable);
    for (const [oldest, plan] of this.#executables) {
      if (this.#executables.size <= Network.plansKept) break;
      this.#executables.delete(oldest);
      plan.dispose();
    }
    return executable;
  }

  #forget(executable: Executable): void {
    for (const [key, plan] of this.#executables) if (plan === executable) this.#executables.delete(key);
    executable.dispose();
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

function keyOf(specs: Readonly<Record<string, InputSpec>>): string {
  return Object.entries(specs)
    .map(([name, { shape, dtype = "f32" }]) => `${name}:${dtype}[${shape.join(",")}]`)
    .join(" ");
}

function isRefused(error: unknown): error is EngineError {
  return error instanceof EngineError && error.code === "ENGINE_MEMORY";
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
