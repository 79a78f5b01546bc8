import { writeSafetensors } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { metadataTexts } from "../../files/encodePng.js";
import { outputName, writeOutput } from "../../files/outputName.js";
import { string, wire } from "../../inputs.js";

export const saveLatent = defineNode({
  type: "SaveLatent",
  displayName: "Save Latent",
  category: "model/latent",
  description: "Writes the latents to the output folder as one .latent file, which ComfyUI reads too. A mask is not kept.",
  inputs: { samples: wire("LATENT"), filename_prefix: string({ default: "latents/ComfyUI" }) },
  hidden: { prompt: "PROMPT", extra_pnginfo: "EXTRA_PNGINFO" },
  outputs: { samples: "LATENT" },
  isOutputNode: true,
  async run({ samples, filename_prefix }, context) {
    // ComfyUI fills a latent's prefix in without a size.
    const name = await outputName(filename_prefix, { type: "output", width: 0, height: 0 }, context);
    const bytes = writeSafetensors(
      {
        latent_tensor: { dtype: "F32", shape: samples.shape, data: samples.samples },
        // Its presence says that the values are not in the model's own scale.
        latent_format_version_0: { dtype: "F32", shape: [0], data: new Float32Array(0) },
      },
      metadataTexts(context.metadata),
    );
    await writeOutput(name, { index: 0, kind: "latents", extension: ".latent", bytes }, context);
    return { samples };
  },
});
