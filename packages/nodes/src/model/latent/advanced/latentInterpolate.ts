import { defineNode } from "../../../defineNode.js";
import { float, wire } from "../../../inputs.js";
import type { LatentValue } from "../../../values.js";
import { fitBatch, fitSize } from "../fitLatent.js";

export const latentInterpolate = defineNode({
  type: "LatentInterpolate",
  displayName: "LatentInterpolate",
  category: "model/latent/advanced",
  description: "Mixes two latents so that directions and lengths of pixels are mixed apart; the ratio is the share of the first one.",
  module: "comfy_extras.nodes_latent",
  inputs: { samples1: wire("LATENT"), samples2: wire("LATENT"), ratio: float({ default: 1, min: 0, max: 1, step: 0.01 }) },
  outputs: { LATENT: "LATENT" },
  run({ samples1, samples2, ratio }, { memoryLimit }) {
    const second = fitBatch(fitSize(samples2, samples1, "bilinear", memoryLimit), samples1.shape[0], memoryLimit);
    return { LATENT: interpolate(samples1, second, ratio) };
  },
});

/** A pixel's values over the channels are a vector: its direction and its length are interpolated linearly, each alone. */
function interpolate(first: LatentValue, second: LatentValue, ratio: number): LatentValue {
  const [batch, channels, height, width] = first.shape;
  const plane = height * width;
  const samples = new Float32Array(first.samples.length);
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < plane; i++) {
      const at = (c: number): number => (n * channels + c) * plane + i;
      const lengthOf = (value: (c: number) => number): number => {
        let sum = 0;
        for (let c = 0; c < channels; c++) sum += value(c) ** 2;
        return Math.sqrt(sum);
      };
      const lengthA = lengthOf((c) => first.samples[at(c)]!);
      const lengthB = lengthOf((c) => second.samples[at(c)]!);
      const mixed = (c: number): number =>
        unit(first.samples[at(c)]!, lengthA) * ratio + unit(second.samples[at(c)]!, lengthB) * (1 - ratio);
      const length = lengthOf(mixed);
      for (let c = 0; c < channels; c++) samples[at(c)] = unit(mixed(c), length) * (lengthA * ratio + lengthB * (1 - ratio));
    }
  }
  return { ...first, samples };
}

/** A vector of nothing has no direction. */
function unit(value: number, length: number): number {
  return length === 0 ? 0 : value / length;
}
