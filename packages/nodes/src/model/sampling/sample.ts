import { sampleLatent, type SampleOptions } from "@patchbay/models";
import type { NodeContext } from "../../nodeContext.js";
import type { LatentValue } from "../../values.js";
import { engineOptions } from "../engineOptions.js";
import { StepPreview } from "./stepPreview.js";

/** Samples a latent value: its mask and its places in a batch are heeded, and stay with the result. */
export async function sample(
  latent: LatentValue,
  options: Omit<SampleOptions, "latent" | "shape" | "noiseMask" | "batchIndex" | "onStep" | "signal" | "memoryLimit">,
  context: NodeContext,
): Promise<LatentValue> {
  const { samples, shape, noiseMask, batchIndex } = latent;
  const preview = context.preview && new StepPreview(options.model, shape, context.preview);
  const result = await sampleLatent({
    ...options,
    ...engineOptions(context),
    latent: samples,
    shape,
    ...(noiseMask && { noiseMask: { data: noiseMask.data, shape: [noiseMask.batch, noiseMask.height, noiseMask.width] } }),
    ...(batchIndex && { batchIndex }),
    onStep(index, total, { denoised }) {
      context.progress(index + 1, total);
      preview?.step(index + 1, total, denoised);
    },
  });
  return { ...latent, samples: result };
}
