import { EngineError } from "@patchbay/engine";
import { discreteSampling, type PredictionType } from "../../schedules/index.js";
import type { WeightStore } from "../../weights/weightStore.js";
import type { ModelFamily } from "../family.js";
import { readClipTextConfig } from "../networks/clipText/clipTextConfig.js";
import { hasUnetTransformers } from "../networks/unet/hasUnetTransformers.js";
import { unetDiffusion } from "../networks/unet/unetDiffusion.js";

const HEAD_WIDTH = 64;

/** Stable Diffusion 2.x: OpenCLIP-H's last layer but one, transformers between matrices, heads of width 64, ε- or v-prediction. */
export const stableDiffusion2: ModelFamily = {
  id: "sd2",
  title: "Stable Diffusion 2.x",
  detect: (index) => hasUnetTransformers(index, "matrix"),
  async diffusion({ diffusion, predictionType }) {
    const sampling = discreteSampling({ predictionType: predictionType ?? (await guessPrediction(diffusion)) });
    return unetDiffusion(diffusion, { heads: headsOf, sampling });
  },
  text({ text, textIsCut }) {
    const config = readClipTextConfig(text, "gelu");
    return { config, padToken: 0, nominalLayers: config.layers + (textIsCut ? 1 : 0), defaultLayer: 2 };
  },
};

function headsOf(channels: number): number {
  if (channels % HEAD_WIDTH !== 0) {
    throw new EngineError(
      "MODEL_LAYOUT",
      `could not split a transformer of width ${channels}: heads of Stable Diffusion 2 are ${HEAD_WIDTH} wide`,
    );
  }
  return channels / HEAD_WIDTH;
}

/**
 * Single files don't say what the network predicts. As ComfyUI does, tell v-prediction by the spread of one bias of the last transformer,
 * which training moved much further in the v models.
 */
async function guessPrediction(diffusion: WeightStore): Promise<PredictionType> {
  const pattern = /^output_blocks\.(\d+)\.1\.transformer_blocks\.0\.norm1\.bias$/;
  const last = [...diffusion.names].filter((name) => pattern.test(name)).sort((a, b) => blockOf(b) - blockOf(a))[0];
  if (!last) return "eps";
  const bias = await diffusion.read(last);
  const mean = bias.reduce((sum, value) => sum + value, 0) / bias.length;
  const variance = bias.reduce((sum, value) => sum + (value - mean) ** 2, 0) / bias.length;
  return Math.sqrt(variance) > 0.09 ? "v" : "eps";
}

function blockOf(name: string): number {
  return Number(name.split(".")[1]);
}
