import { affine, clamp, EngineError, toChannelsFirst, toChannelsLast, type RunOptions } from "@patchbay/engine";
import type { AutoencoderConfig } from "../families/networks/autoencoder/autoencoderConfig.js";
import { decodeLatent } from "../families/networks/autoencoder/decoder.js";
import { encodeLatent } from "../families/networks/autoencoder/encoder.js";
import { floatOutput, type FloatTensor } from "./floatTensor.js";
import type { Holding } from "./holding.js";
import { ModelNetwork } from "./modelNetwork.js";
import type { ModelWeights } from "./modelWeights.js";

/** Turns latents into pictures and back: what travels on a VAE wire. Latents are those between nodes, not in a network's scale. */
export class Autoencoder {
  readonly config: AutoencoderConfig;
  readonly weights: ModelWeights;
  readonly #decoder: ModelNetwork;
  readonly #encoder: ModelNetwork;

  constructor(config: AutoencoderConfig, weights: ModelWeights) {
    this.config = config;
    this.weights = weights;
    this.#decoder = new ModelNetwork("autoencoder decoder", weights, (scope) => ({ latent }) => ({
      image: clamp(affine(decodeLatent(toChannelsLast(latent!), config, scope), 0.5, 0.5), 0, 1),
    }));
    this.#encoder = new ModelNetwork("autoencoder encoder", weights, (scope) => ({ image }) => ({
      latent: toChannelsFirst(encodeLatent(affine(image!, 2, -1), config, scope)),
    }));
  }

  /** latent [N, C, h, w] → pictures [N, h·scale, w·scale, 3], 0..1. @throws MODEL_LATENT_SHAPE, ENGINE_MEMORY, ENGINE_CANCELLED */
  async decode(latent: FloatTensor, options: RunOptions = {}): Promise<FloatTensor> {
    const { shape } = latent;
    if (shape.length !== 4 || shape[1] !== this.config.latentChannels) {
      throw new EngineError(
        "MODEL_LATENT_SHAPE",
        `could not decode a latent of [${shape.join(", ")}]: this autoencoder's are [N, ${this.config.latentChannels}, H, W]`,
      );
    }
    // One picture after another: the pictures of a batch don't depend on each other, and memory is what large ones lack.
    const pictures = await eachOfBatch(latent, async (item) => floatOutput(await this.#decoder.run({ latent: item }, options), "image"));
    return stack(pictures);
  }

  /**
   * pictures [N, H, W, 3 or more] in 0..1 → latents [N, C, H/scale, W/scale]: the mean of the posterior. Sizes that aren't multiples of
   * `scale` are cropped around the middle; channels beyond three are left out.
   * @throws MODEL_IMAGE_SHAPE, MODEL_LAYOUT when the file holds no encoder, ENGINE_MEMORY, ENGINE_CANCELLED
   */
  async encode(image: FloatTensor, options: RunOptions = {}): Promise<FloatTensor> {
    if (this.config.encoderBlocks.length === 0) {
      throw new EngineError("MODEL_LAYOUT", `could not encode a picture: this autoencoder's file holds only the decoder`);
    }
    const cropped = cropImage(image, this.config.scale, this.config.imageChannels);
    return stack(await eachOfBatch(cropped, async (item) => floatOutput(await this.#encoder.run({ image: item }, options), "latent")));
  }

  /** The parts that hold memory: shared with other values where weights are. */
  get holdings(): readonly Holding[] {
    return [this.#decoder, this.#encoder, ...this.weights.holdings];
  }

  dispose(): void {
    this.#decoder.dispose();
    this.#encoder.dispose();
    this.weights.dispose();
  }
}

async function eachOfBatch(batch: FloatTensor, run: (item: FloatTensor) => Promise<FloatTensor>): Promise<FloatTensor[]> {
  const [count = 0, ...rest] = batch.shape;
  const size = batch.data.length / count;
  const results: FloatTensor[] = [];
  for (let i = 0; i < count; i++) results.push(await run({ data: batch.data.slice(i * size, (i + 1) * size), shape: [1, ...rest] }));
  return results;
}

/** Tensors of one shape below each other along the first dimension. */
function stack(tensors: readonly FloatTensor[]): FloatTensor {
  const [first] = tensors;
  if (tensors.length === 1) return first!;
  const data = new Float32Array(tensors.length * first!.data.length);
  tensors.forEach((tensor, i) => data.set(tensor.data, i * first!.data.length));
  return { data, shape: [tensors.length, ...first!.shape.slice(1)] };
}

/** The middle of pictures [N, H, W, C], H and W multiples of `multiple`, with the first `channels` channels. */
function cropImage({ data, shape }: FloatTensor, multiple: number, channels: number): FloatTensor {
  const [batch = 0, height = 0, width = 0, stored = 0] = shape;
  const [outHeight, outWidth] = [height - (height % multiple), width - (width % multiple)];
  if (shape.length !== 4 || batch < 1 || outHeight < multiple || outWidth < multiple || stored < channels) {
    throw new EngineError(
      "MODEL_IMAGE_SHAPE",
      `could not encode pictures of [${shape.join(", ")}]: they must be [N, H, W, ${channels}] of at least ${multiple}×${multiple}`,
    );
  }
  if (outHeight === height && outWidth === width && stored === channels) return { data, shape };
  const [top, left] = [Math.floor((height % multiple) / 2), Math.floor((width % multiple) / 2)];
  const out = new Float32Array(batch * outHeight * outWidth * channels);
  let at = 0;
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        const from = ((n * height + top + y) * width + left + x) * stored;
        for (let c = 0; c < channels; c++) out[at++] = data[from + c]!;
      }
    }
  }
  return { data: out, shape: [batch, outHeight, outWidth, channels] };
}
