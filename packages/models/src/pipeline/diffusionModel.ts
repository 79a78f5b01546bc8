import type { RunOptions } from "@patchbay/engine";
import type { DiffusionDefinition, DiffusionRequest, LatentFormat, ModelFamily } from "../families/family.js";
import type { GuidanceRule } from "../guidance/guidanceRule.js";
import { LatentColours } from "../preview/latentColours.js";
import type { ModelSampling } from "../schedules/index.js";
import { floatOutput, type FloatTensor } from "./floatTensor.js";
import type { Holding } from "./holding.js";
import { ModelNetwork } from "./modelNetwork.js";
import type { ModelWeights } from "./modelWeights.js";

/** A diffusion network that can be run: what travels on a MODEL wire. Never changes; patched copies share what they don't change. */
export class DiffusionModel {
  readonly family: ModelFamily;
  readonly definition: DiffusionDefinition;
  readonly weights: ModelWeights;
  readonly colours: LatentColours;
  /** How it is guided where that is not plain classifier-free guidance. */
  readonly guidance: GuidanceRule | undefined;
  readonly #network: ModelNetwork;

  /** @param colours what its latents look like; found out from the family alone unless given */
  constructor(
    family: ModelFamily,
    definition: DiffusionDefinition,
    weights: ModelWeights,
    colours = new LatentColours(definition.latent, undefined),
    guidance?: GuidanceRule,
  ) {
    this.family = family;
    this.definition = definition;
    this.weights = weights;
    this.colours = colours;
    this.guidance = guidance;
    this.#network = new ModelNetwork(`${family.id} diffusion`, weights, (scope) => definition.build(scope));
  }

  get latent(): LatentFormat {
    return this.definition.latent;
  }

  get sampling(): ModelSampling {
    return this.definition.sampling;
  }

  /**
   * One evaluation of the network: its raw output (ε, v or x0) for its scaled input x [N, C, H, W].
   * @throws ENGINE_SHAPE when x or the context have another width than the network, ENGINE_MEMORY, ENGINE_CANCELLED
   */
  async predict(request: DiffusionRequest, options: RunOptions = {}): Promise<FloatTensor> {
    return floatOutput(await this.#network.run(this.definition.inputs(request), options), "output");
  }

  /** Bytes an evaluation takes, known before it is run. */
  async forecast(request: DiffusionRequest): Promise<number> {
    return (await this.#network.ready()).forecast(this.definition.inputs(request)).total;
  }

  /** The same network over other weights. */
  withWeights(weights: ModelWeights): DiffusionModel {
    return new DiffusionModel(this.family, this.definition, weights, this.colours, this.guidance);
  }

  /** The same network, its levels and outputs read another way. */
  withSampling(sampling: ModelSampling): DiffusionModel {
    return new DiffusionModel(this.family, { ...this.definition, sampling }, this.weights, this.colours, this.guidance);
  }

  /** The same network, guided another way. */
  withGuidance(rule: GuidanceRule): DiffusionModel {
    return new DiffusionModel(this.family, this.definition, this.weights, this.colours, rule);
  }

  /** The parts that hold memory: shared with other values where weights are. */
  get holdings(): readonly Holding[] {
    return [this.#network, ...this.weights.holdings, ...this.colours.holdings];
  }

  dispose(): void {
    this.#network.dispose();
    this.weights.dispose();
  }
}
