import { openWeights } from "@patchbay/models";
import { allocate } from "../../allocate.js";
import { defineNode } from "../../defineNode.js";
import { inputPath } from "../../files/inputPath.js";
import { inputFile } from "../../inputs.js";
import { NodeError } from "../../nodeError.js";
import type { LatentValue } from "../../values.js";

/** Files without the marker hold latents in the scale of Stable Diffusion 1. */
const OLD_SCALE = 1 / 0.18215;

export const loadLatent = defineNode({
  type: "LoadLatent",
  displayName: "Load Latent",
  category: "model/latent",
  description: "Reads latents that Save Latent wrote from the input folder.",
  inputs: { latent: inputFile([".latent"]) },
  outputs: { LATENT: "LATENT" },
  async run({ latent }, context) {
    const path = await inputPath(latent, context);
    const store = await openWeights(path);
    const shape = store.info("latent_tensor")?.shape;
    if (!isLatentShape(shape))
      throw new NodeError(
        "FILE_LATENT_INVALID",
        `Cannot read latents from "${path}": its "latent_tensor" is ${shape ? `[${shape.join(", ")}]` : "missing"}, [batch, channels, height, width] is right`,
      );
    const samples = allocate("latents", shape, context.memoryLimit);
    const scale = store.has("latent_format_version_0") ? 1 : OLD_SCALE;
    samples.set((await store.read("latent_tensor")).map((value) => value * scale));
    return { LATENT: { samples, shape } };
  },
});

function isLatentShape(shape: readonly number[] | undefined): shape is LatentValue["shape"] {
  return shape?.length === 4 && shape.every((size) => size > 0);
}
