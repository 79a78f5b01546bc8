import type { HostTensor, Tensor, WeightScope } from "@patchbay/engine";
import type { LatentRgb } from "../preview/latentRgb.js";
import type { ModelSampling, PredictionType } from "../schedules/index.js";
import type { WeightStore } from "../weights/weightStore.js";
import type { ShapeIndex } from "../weights/shapeIndex.js";
import type { ClipTextConfig } from "./networks/clipText/clipTextConfig.js";

/** How a family's latents look. */
export interface LatentFormat {
  readonly channels: number;
  /** The network's latents are this many times the ones between nodes. */
  readonly scale: number;
  /** What their channels look like, for the autoencoder whose decoder has these widths; other latents' colours are found out from theirs. */
  readonly colours?: { readonly map: LatentRgb; readonly autoencoderWidths: readonly number[] };
}

/** What a diffusion network is asked: a batch at one noise level. */
export interface DiffusionRequest {
  /** The network's scaled input, [N, C, H, W]. */
  readonly x: HostTensor;
  readonly timestep: number;
  /** The encoded prompts, [N, L, width]. */
  readonly context: HostTensor;
}

export type NetworkBuild = (inputs: Record<string, Tensor>) => Readonly<Record<string, Tensor>>;

/** A diffusion network whose sizes are known. */
export interface DiffusionDefinition {
  readonly latent: LatentFormat;
  readonly sampling: ModelSampling;
  readonly contextWidth: number;
  /** Sizes for people. */
  readonly summary: Readonly<Record<string, number | string | readonly number[]>>;
  /** The network over the inputs that `inputs` gives; its output `output` is [N, C, H, W]. */
  build(scope: WeightScope): NetworkBuild;
  inputs(request: DiffusionRequest): Record<string, HostTensor>;
  /** Module paths by the names that LoRA files give them, without a prefix: the original ones and those of diffusers. */
  moduleNames(): Iterable<readonly [original: string, diffusers: string]>;
}

/** A text encoder whose sizes are known, and how its family uses it. */
export interface TextDefinition {
  readonly config: ClipTextConfig;
  readonly padToken: number;
  /** Layers the model was made with; a file may leave out last ones that are never used. */
  readonly nominalLayers: number;
  /** The layer whose output is the prompt, counted from the end of the nominal ones: 1 is the last. */
  readonly defaultLayer: number;
}

/** The parts of a model, each with its tensors' original names without a prefix. */
export interface ModelParts {
  readonly diffusion?: WeightStore;
  readonly text?: WeightStore;
  readonly autoencoder?: WeightStore;
  /** What the files around the tensors say the network predicts. */
  readonly predictionType?: PredictionType;
  /** True when the text encoder comes from a diffusers folder, whose last stored layer is the one to use. */
  readonly textIsCut?: boolean;
}

/** A family of models: how one is recognised and how its parts are read. One folder each, one line in the registry. */
export interface ModelFamily {
  readonly id: string;
  readonly title: string;
  /** Whether a diffusion network's tensors are of this family. */
  detect(diffusion: ShapeIndex): boolean;
  /** @throws MODEL_LAYOUT, MODEL_UNSUPPORTED, WEIGHTS_MISSING */
  diffusion(parts: ModelParts & { readonly diffusion: WeightStore }): Promise<DiffusionDefinition>;
  /** @throws MODEL_LAYOUT, WEIGHTS_MISSING */
  text(parts: ModelParts & { readonly text: WeightStore }): TextDefinition;
}
