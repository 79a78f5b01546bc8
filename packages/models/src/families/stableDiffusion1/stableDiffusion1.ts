import { discreteSampling } from "../../schedules/index.js";
import type { ModelFamily } from "../family.js";
import { readClipTextConfig } from "../networks/clipText/clipTextConfig.js";
import { hasUnetTransformers } from "../networks/unet/hasUnetTransformers.js";
import { unetDiffusion } from "../networks/unet/unetDiffusion.js";

/** Every transformer has as many heads, whatever its width. */
const HEADS = 8;

/** CLIP pads with its end token. */
const END_OF_TEXT = 49407;

/** Stable Diffusion 1.x (Rombach et al. 2022): CLIP-L's last layer, transformers between 1×1 convolutions, usually ε-prediction. */
export const stableDiffusion1: ModelFamily = {
  id: "sd1",
  title: "Stable Diffusion 1.x",
  detect: (index) => hasUnetTransformers(index, "convolution"),
  diffusion: ({ diffusion, predictionType = "eps" }) =>
    Promise.resolve(unetDiffusion(diffusion, { heads: () => HEADS, sampling: discreteSampling({ predictionType }) })),
  text: ({ text }) => {
    const config = readClipTextConfig(text, "quickGelu");
    return { config, padToken: END_OF_TEXT, nominalLayers: config.layers, defaultLayer: 1 };
  },
};
