import { EngineError, toChannelsFirst, toChannelsLast } from "@patchbay/engine";
import { stableDiffusionRgb } from "../../../preview/stableDiffusionRgb.js";
import type { ModelSampling } from "../../../schedules/index.js";
import type { ShapeIndex } from "../../../weights/shapeIndex.js";
import type { DiffusionDefinition, LatentFormat } from "../../family.js";
import { levelsOf, unetNamePairs } from "./diffusersUnetNames.js";
import { timestepEmbedding } from "./timestepEmbedding.js";
import { unet } from "./unet.js";
import { readUnetConfig } from "./unetConfig.js";

/** Stable Diffusion's latents, both generations. */
export const stableDiffusionLatent: LatentFormat = {
  channels: 4,
  scale: 0.18215,
  colours: { map: stableDiffusionRgb, autoencoderWidths: [128, 256, 512, 512] },
};

/** A UNet of Stable Diffusion as a diffusion network. @throws MODEL_LAYOUT, MODEL_UNSUPPORTED, WEIGHTS_MISSING */
export function unetDiffusion(
  index: ShapeIndex,
  options: { heads(channels: number): number; sampling: ModelSampling },
): DiffusionDefinition {
  const config = readUnetConfig(index);
  const latent = stableDiffusionLatent;
  if (config.inChannels !== latent.channels) {
    throw new EngineError(
      "MODEL_UNSUPPORTED",
      `could not use this UNet: it takes ${config.inChannels} channels (an inpainting or image-conditioned model); ${latent.channels} are supported`,
    );
  }
  const levels = levelsOf(config);
  return {
    latent,
    sampling: options.sampling,
    contextWidth: config.contextWidth,
    summary: {
      prediction: options.sampling.predictionType,
      channels: [
        ...new Set(config.inputBlocks.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === "resBlock" ? [part.channels] : [])))),
      ],
      resBlocksPerLevel: levels.down.map(({ resBlocks }) => resBlocks),
      contextWidth: config.contextWidth,
    },
    build: (scope) => (inputs) => {
      const [x, timestep, context] = [inputs["x"]!, inputs["timestep"]!, inputs["context"]!];
      return { output: toChannelsFirst(unet({ x: toChannelsLast(x), timestep, context }, config, scope, options)) };
    },
    inputs: ({ x, timestep, context }) => {
      const batch = x.shape[0]!;
      const data = timestepEmbedding(new Array<number>(batch).fill(timestep), config.modelChannels);
      return { x, timestep: { data, shape: [batch, config.modelChannels] }, context };
    },
    *moduleNames() {
      const pairs = unetNamePairs(levels);
      for (const [original, diffusers] of pairs) {
        const inside = transformerModules(index, original);
        if (inside.length === 0) yield [original, diffusers];
        for (const rest of inside) yield [`${original}.${rest}`, `${diffusers}.${rest}`];
      }
    },
  };
}

/** Paths of the matrices inside a transformer, relative to it; none for another module. */
function transformerModules(index: ShapeIndex, path: string): string[] {
  if (!index.has(`${path}.proj_in.weight`)) return [];
  const found: string[] = [];
  for (const name of index.names) {
    if (name.startsWith(`${path}.`) && name.endsWith(".weight")) found.push(name.slice(path.length + 1, -".weight".length));
  }
  return found;
}
