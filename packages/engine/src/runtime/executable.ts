import { EngineError, loadNative, type NativePlan, type Precision } from "@patchbay/engine-bindings";
import type { Graph } from "../ir/graph.js";
import { elementCount, sameShape } from "../ir/shape.js";
import type { HostTensor, Node } from "../ir/tensor.js";
import { countFlops } from "../plan/countFlops.js";
import { encodePlan } from "../plan/encodePlan.js";
import { planMemory } from "../plan/planMemory.js";
import { assignStorage } from "../plan/storage.js";
import { engineArithmetic } from "./engineSettings.js";

/** Bytes a run takes: known before it starts. */
export interface MemoryForecast {
  readonly activations: number;
  readonly workspace: number;
  readonly weights: number;
  readonly total: number;
}

/** What one op of a plan took. */
export interface OpProfile {
  readonly op: string;
  /** Path of the block it was traced in. */
  readonly region: string;
  readonly shape: readonly number[];
  readonly milliseconds: number;
  /** Multiplications and additions; 0 for what only reads and writes. */
  readonly flops: number;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called on the event loop, in ops. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /**
   * Bytes the process may hold in all; unless given, what the system has left. To keep to it the engine gives back the packed weights of
   * other networks, then packs this one's again at each use; a run that would pass it even so is refused before it starts.
   */
  readonly memoryLimit?: number | undefined;
}

/** A compiled graph: one native plan, replayed for new inputs. */
export class Executable {
  readonly name: string;
  readonly graph: Graph;
  readonly memory: MemoryForecast;
  readonly #steps: readonly Node[];
  readonly #plan: NativePlan;

  private constructor(name: string, graph: Graph, steps: readonly Node[], plan: NativePlan) {
    this.name = name;
    this.graph = graph;
    this.#steps = steps;
    this.#plan = plan;
    const { arena, workspace, packedWeights } = loadNative().planMemory(plan);
    this.memory = { activations: arena, workspace, weights: packedWeights, total: arena + workspace + packedWeights };
  }

  /** Plans memory, encodes and loads a graph. @throws ENGINE_PLAN */
  static compile(name: string, graph: Graph, precision: Precision = engineArithmetic().precision): Executable {
    const stored = assignStorage(graph);
    const { bytes, weights } = encodePlan(stored, planMemory(stored), precision);
    return new Executable(
      name,
      graph,
      stored.steps,
      loadNative().loadPlan(
        bytes,
        weights.map((weight) => weight.native()),
      ),
    );
  }

  /** Computes the outputs. @throws ENGINE_INPUT, ENGINE_MEMORY, ENGINE_CANCELLED */
  async run(inputs: Readonly<Record<string, HostTensor>>, options: RunOptions = {}): Promise<Record<string, HostTensor>> {
    return (await this.#replay(inputs, options, false)).outputs;
  }

  /** What each op takes, in the order they run. @throws as `run` */
  async profile(inputs: Readonly<Record<string, HostTensor>>): Promise<OpProfile[]> {
    const { report } = await this.#replay(inputs, {}, true);
    return this.#steps.map((node, at) => ({
      op: node.op.name,
      region: node.region,
      shape: node.output.shape,
      milliseconds: (report.opNanoseconds?.[at] ?? NaN) / 1e6,
      flops: countFlops(node),
    }));
  }

  async #replay(inputs: Readonly<Record<string, HostTensor>>, { signal, onProgress, memoryLimit }: RunOptions, profile: boolean) {
    if (signal?.aborted) throw new EngineError("ENGINE_CANCELLED", `the run of "${this.name}" was cancelled`);
    const arrays = [...this.graph.inputs].map(([name, tensor]) => this.#checkInput(name, tensor.shape, inputs[name]));
    const outputs = [...this.graph.outputs].map(
      ([name, tensor]) => [name, { data: new Float32Array(tensor.elements), shape: tensor.shape }] as const,
    );
    const cancel = new Int32Array(1);
    const onAbort = (): void => void (cancel[0] = 1);
    signal?.addEventListener("abort", onAbort);
    try {
      const report = await loadNative().run(
        this.#plan,
        arrays,
        outputs.map(([, { data }]) => data),
        {
          cancel,
          profile,
          memoryLimit: memoryLimit === undefined ? availableMemory() : engineShare(memoryLimit),
          ...(onProgress && { progress: onProgress }),
        },
      );
      return { outputs: Object.fromEntries(outputs), report };
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  #checkInput(name: string, shape: readonly number[], value: HostTensor | undefined): HostTensor["data"] {
    const problem = (what: string): EngineError => new EngineError("ENGINE_INPUT", `could not run "${this.name}": input "${name}" ${what}`);
    if (!value || !sameShape(value.shape, shape)) {
      throw problem(`is ${value ? `[${value.shape.join(", ")}]` : "nothing"}, it must be [${shape.join(", ")}]`);
    }
    if (value.data.length !== elementCount(shape)) throw problem(`has ${value.data.length} elements for [${shape.join(", ")}]`);
    return value.data;
  }

  dispose(): void {
    loadNative().disposePlan(this.#plan);
  }
}

/** What is left for the engine of a limit for the whole process. */
function engineShare(limit: number): number {
  const others = process.memoryUsage.rss() - loadNative().memory().current;
  return Math.max(1, limit - Math.max(0, others));
}

/** Bytes a run may take unless told otherwise: what the engine holds already, and what the system, or the container around the process, still has. */
export function availableMemory(): number {
  return loadNative().memory().current + process.availableMemory();
}
