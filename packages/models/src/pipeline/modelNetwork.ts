import { Network, WeightScope, type HostTensor, type RunOptions } from "@patchbay/engine";
import type { NetworkBuild } from "../families/family.js";
import type { Holding } from "./holding.js";
import type { ModelWeights } from "./modelWeights.js";

/** A network over weights that are made when it first runs. */
export class ModelNetwork implements Holding {
  readonly #name: string;
  readonly #weights: ModelWeights;
  readonly #build: (scope: WeightScope) => NetworkBuild;
  #network: Promise<Network> | undefined;
  #made: Network | undefined;

  constructor(name: string, weights: ModelWeights, build: (scope: WeightScope) => NetworkBuild) {
    this.#name = name;
    this.#weights = weights;
    this.#build = build;
  }

  /** The engine's network, weights in place. */
  async ready(): Promise<Network> {
    this.#network ??= this.#weights
      .get()
      .then((weights) => (this.#made = new Network(this.#name, this.#build(new WeightScope(weights)))))
      .catch((error: unknown) => {
        this.#network = undefined;
        throw error;
      });
    return this.#network;
  }

  async run(inputs: Readonly<Record<string, HostTensor>>, options: RunOptions = {}): Promise<Record<string, HostTensor>> {
    return (await this.ready()).run(inputs, options);
  }

  /** Bytes of its plans, and of the forms that its weights are packed to. */
  get bytes(): number {
    return this.#made?.bytes ?? 0;
  }

  dispose(): void {
    this.#made?.dispose();
    this.#made = undefined;
    this.#network = undefined;
  }
}
