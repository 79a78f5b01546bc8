import type { JsonValue } from "@patchbay/graph";
import type { Autoencoder, Conditioning, DiffusionModel, Guider, SamplerEntry, TextEncoder } from "@patchbay/models";

/** Pictures: fp32, row-major [batch, height, width, channels], 0..1. Never changed once made. */
export interface ImageValue {
  readonly data: Float32Array;
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  /** 1 grey, 3 RGB, 4 RGBA (straight alpha). */
  readonly channels: number;
}

/** Masks: fp32, row-major [batch, height, width], 0..1; 1 is where something happens. */
export interface MaskValue {
  readonly data: Float32Array;
  readonly batch: number;
  readonly height: number;
  readonly width: number;
}

/** Latents as they travel between nodes, not in the model's own scale. */
export interface LatentValue {
  /** fp32, row-major. */
  readonly samples: Float32Array;
  readonly shape: readonly [batch: number, channels: number, height: number, width: number];
  /** Of any size; 1 where to sample. */
  readonly noiseMask?: MaskValue;
  /** Each item's place in the batch it was taken from: it keeps its noise. */
  readonly batchIndex?: readonly number[];
}

/** Where a run's noise comes from: a seed, or no initial noise at all. */
export interface NoiseValue {
  readonly seed: bigint;
  readonly isAdded: boolean;
}

/** What travels on a wire of each type. */
export interface ValueTypes {
  readonly MODEL: DiffusionModel;
  readonly CLIP: TextEncoder;
  readonly VAE: Autoencoder;
  readonly CONDITIONING: Conditioning;
  readonly LATENT: LatentValue;
  readonly SAMPLER: SamplerEntry;
  /** Noise levels in the order of a run, fp32. */
  readonly SIGMAS: Float32Array;
  readonly GUIDER: Guider;
  readonly NOISE: NoiseValue;
  readonly IMAGE: ImageValue;
  readonly MASK: MaskValue;
  readonly INT: number | bigint;
  readonly FLOAT: number;
  readonly STRING: string;
  readonly BOOLEAN: boolean;
  readonly "*": JsonValue;
}

export type ValueType = keyof ValueTypes;
