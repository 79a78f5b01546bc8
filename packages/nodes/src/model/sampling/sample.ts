import { sampleCustom, sampleLatent, type Guider, type SampleOptions, type SamplerEntry } from "@patchbay/models";
import type { NodeContext } from "../../nodeContext.js";
import type { LatentValue, NoiseValue } from "../../values.js";
import { engineOptions } from "../engineOptions.js";
import { StepPreview } from "./stepPreview.js";

/** Samples a latent value: its mask and its places in a batch are heeded, and stay with the result. */
export async function sample(
  latent: LatentValue,
  options: Omit<SampleOptions, "latent" | "shape" | "noiseMask" | "batchIndex" | "onStep" | "signal" | "memoryLimit">,
  context: NodeContext,
): Promise<LatentValue> {
  const result = await sampleLatent({ ...options, ...latentOptions(latent, options.model, context) });
  return { ...latent, samples: result };
}

interface LevelOptions {
  readonly guider: Guider;
  readonly sampler: SamplerEntry;
  readonly sigmas: Float32Array;
  readonly noise: NoiseValue;
}

/** The same over given levels; the last prediction of the clean latent too. */
export async function sampleOver(
  latent: LatentValue,
  { noise, ...options }: LevelOptions,
  context: NodeContext,
): Promise<{ output: LatentValue; denoised_output: LatentValue }> {
  const common = latentOptions(latent, options.guider.model, context);
  const result = await sampleCustom({ ...options, ...common, seed: noise.seed, addNoise: noise.isAdded });
  return { output: { ...latent, samples: result.latent }, denoised_output: { ...latent, samples: result.denoised } };
}

function latentOptions({ samples, shape, noiseMask, batchIndex }: LatentValue, model: SampleOptions["model"], context: NodeContext) {
  const preview = context.preview && new StepPreview(model, shape, context.preview);
  return {
    ...engineOptions(context),
    latent: samples,
    shape,
    ...(noiseMask && { noiseMask: { data: noiseMask.data, shape: [noiseMask.batch, noiseMask.height, noiseMask.width] as const } }),
    ...(batchIndex && { batchIndex }),
    onStep(index: number, total: number, { denoised }: { readonly denoised: Float32Array }) {
      context.progress(index + 1, total);
      preview?.step(index + 1, total, denoised);
    },
  };
}
