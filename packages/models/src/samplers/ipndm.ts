import { linearMultistep, type MultistepWeights } from "./linearMultistep.js";

/** Adams–Bashforth for even steps, by order. */
const EVEN_WEIGHTS = [[1], [3 / 2, -1 / 2], [23 / 12, -16 / 12, 5 / 12], [55 / 24, -59 / 24, 37 / 24, -9 / 24]] as const;

/** iPNDM: fourth-order multistep as if steps were even. Zhang and Chen 2022 (arXiv 2204.13902), after Liu et al. 2022. */
export const ipndm = linearMultistep(4, (nodes, next) => {
  const step = Math.fround(next - nodes[0]!);
  return EVEN_WEIGHTS[nodes.length - 1]!.map((weight) => weight * step);
});

/**
 * The uneven-step weights of diff-sampler's `ipndm_v` (Apache-2.0). To second order they are Adams–Bashforth's; from third order on they differ from
 * these, and are kept as they are because pictures depend on them.
 */
const unevenWeights: MultistepWeights = (nodes, next) => {
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = nodes;
  const [h, h1, h2, h3] = [next - s0, s0 - s1, s1 - s2, s2 - s3];
  const order = nodes.length;
  const slope = order > 1 ? h / h1 / 2 : 0;
  const share = h / (3 * (h + h1));
  const third = order > 2 ? (1 - (share * (h * (h + h1))) / (h1 * (h1 + h2))) / 2 : 0;
  const ratio = order > 2 ? h1 / h2 : 0;
  const onSecond = -slope - (1 + ratio) * third;
  if (order < 4) return [1 + slope + third, onSecond, third * ratio].slice(0, order).map((weight) => weight * h);
  const fourth =
    (((1 - share) / 2 + ((1 - h / (2 * (h + h1))) * h) / (6 * (h + h1 + h2))) * (h * (h + h1) * (h + h1 + h2))) /
    (h1 * (h1 + h2) * (h1 + h2 + h3));
  const spread = (h1 * (h1 + h2)) / (h2 * (h2 + h3));
  return [
    1 + slope + third + fourth,
    onSecond - (1 + ratio + spread) * fourth,
    third * ratio + (ratio + spread * (1 + h2 / h3)) * fourth,
    -fourth * spread * ratio,
  ].map((weight) => weight * h);
};

/** iPNDM with weights for uneven steps. */
export const ipndmV = linearMultistep(4, unevenWeights);
