import { EngineError, loadNative, type NativePlan } from "@patchbay/engine-bindings";
import type { Graph } from "../ir/graph.js";
import { elementCount, sameShape } from "../ir/shape.js";
import type { HostTensor } from "../ir/tensor.js";
import { encodePlan } from "../plan/encodePlan.js";
import { planMemory } from "../plan/planMemory.js";
import { assignStorage } from "../plan/storage.js";

/** Bytes a run takes: known before it starts. */
export interface MemoryForecast {
  readonly activations: number;
  readonly workspace: number;
  readonly weights: number;
  readonly total: number;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called on the event loop, in ops. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Bytes the engine may hold in all; a run that would pass it is refused before it starts. Unless given: what the system has left. */
  readonly memoryLimit?: number | undefined;
}

/** A compiled graph: one native plan, replayed for new inputs. */
export class Executable {
  readonly name: string;
  readonly graph: Graph;
  readonly memory: MemoryForecast;
  readonly #plan: NativePlan;

  private constructor(name: string, graph: Graph, plan: NativePlan) {
    this.name = name;
    this.graph = graph;
    this.#plan = plan;
    const { arena, workspace, packedWeights } = loadNative().planMemory(plan);
    this.memory = { activations: arena, workspace, weights: packedWeights, total: arena + workspace + packedWeights };
  }

  /** Plans memory, encodes and loads a graph. @throws ENGINE_PLAN */
  static compile(name: string, graph: Graph): Executable {
    const stored = assignStorage(graph);
    const { bytes, weights } = encodePlan(stored, planMemory(stored));
    return new Executable(
      name,
      graph,
      loadNative().loadPlan(
        bytes,
        weights.map((weight) => weight.native()),
      ),
    );
  }

  /** Computes the outputs. @throws ENGINE_INPUT, ENGINE_MEMORY, ENGINE_CANCELLED */
  async run(
    inputs: Readonly<Record<string, HostTensor>>,
    { signal, onProgress, memoryLimit }: RunOptions = {},
  ): Promise<Record<string, HostTensor>> {
    const cancelled = (): EngineError => new EngineError("ENGINE_CANCELLED", `the run of "${this.name}" was cancelled`);
    if (signal?.aborted) throw cancelled();
    const arrays = [...this.graph.inputs].map(([name, tensor]) => {
      const value = inputs[name];
      if (!value || !sameShape(value.shape, tensor.shape)) {
        const got = value ? `[${value.shape.join(", ")}]` : "nothing";
        throw new EngineError(
          "ENGINE_INPUT",
          `could not run "${this.name}": input "${name}" is ${got}, it must be [${tensor.shape.join(", ")}]`,
        );
      }
      if (value.data.length !== elementCount(value.shape)) {
        throw new EngineError(
          "ENGINE_INPUT",
          `could not run "${this.name}": input "${name}" has ${value.data.length} elements for [${value.shape.join(", ")}]`,
        );
      }
      return value.data;
    });
    const outputs = [...this.graph.outputs].map(
      ([name, tensor]) => [name, { data: new Float32Array(tensor.elements), shape: tensor.shape }] as const,
    );
    const cancel = new Int32Array(1);
    const onAbort = (): void => void (cancel[0] = 1);
    signal?.addEventListener("abort", onAbort);
    try {
      await loadNative().run(
        this.#plan,
        arrays,
        outputs.map(([, { data }]) => data),
        { cancel, memoryLimit: memoryLimit ?? availableMemory(), ...(onProgress && { progress: onProgress }) },
      );
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
    return Object.fromEntries(outputs);
  }

  dispose(): void {
    loadNative().disposePlan(this.#plan);
  }
}

/** What the engine holds already, and what the system, or the container around the process, still has. */
function availableMemory(): number {
  return loadNative().memory().current + process.availableMemory();
}
