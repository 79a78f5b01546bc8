import { sampleLatent, type SampleOptions } from "@patchbay/models";
import type { NodeContext } from "../../nodeContext.js";
import type { LatentValue } from "../../values.js";
import { engineOptions } from "../engineOptions.js";

/** Samples a latent value: its mask and its places in a batch are heeded, and stay with the result. */
export async function sample(
  latent: LatentValue,
  options: Omit<SampleOptions, "latent" | "shape" | "noiseMask" | "batchIndex" | "onStep" | "signal" | "memoryLimit">,
  context: NodeContext,
): Promise<LatentValue> {
  const { samples, shape, noiseMask, batchIndex } = latent;
  const result = await sampleLatent({
    ...options,
    ...engineOptions(context),
    latent: samples,
    shape,
    ...(noiseMask && { noiseMask: { data: noiseMask.data, shape: [noiseMask.batch, noiseMask.height, noiseMask.width] } }),
    ...(batchIndex && { batchIndex }),
    onStep(index, total) {
      context.progress(index + 1, total);
    },
  });
  return { ...latent, samples: result };
}
