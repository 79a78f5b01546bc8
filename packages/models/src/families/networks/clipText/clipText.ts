import {
  add,
  attention,
  block,
  constant,
  gather,
  gelu,
  layerNorm,
  linear,
  linearWith,
  matmul,
  multiply,
  quickGelu,
  reshape,
  type Tensor,
  type WeightScope,
} from "@patchbay/engine";
import { clipNames, type ClipTextConfig } from "./clipTextConfig.js";

export interface ClipTextInputs {
  /** int32 [B, L] */
  readonly ids: Tensor;
  /** [B, 1, L]: 1 at the token whose last hidden state stands for the whole text, else 0. */
  readonly pooledAt: Tensor;
  /** Learned vectors in place of tokens: `vectors` [B, L, width], and `keep` [B, L, 1], 0 where a vector stands, 1 where the token does. */
  readonly vectors?: Tensor | undefined;
  readonly keep?: Tensor | undefined;
}

export interface ClipTextOptions {
  /** Layers to run for `hidden`, 1 … config.layers. */
  readonly layer: number;
  /** Whether `hidden` goes through the final norm. */
  readonly finalNorm: boolean;
}

/**
 * The text half of CLIP (Radford et al. 2021): a causal pre-norm transformer, by the tensor names of transformers or of OpenCLIP.
 * @returns `hidden` [B, L, width] after `layer` layers; `pooled` [B, width] of the last layer after the final norm, projected where the file has a projection
 */
export function clipText(
  inputs: ClipTextInputs,
  config: ClipTextConfig,
  scope: WeightScope,
  { layer, finalNorm }: ClipTextOptions,
): { hidden: Tensor; pooled: Tensor } {
  const names = clipNames[config.naming];
  const [batch, length] = [inputs.ids.dim(0), inputs.ids.dim(1)];
  const looked = gather(scope.get(names.tokens), inputs.ids);
  const tokens = inputs.vectors && inputs.keep ? add(multiply(looked, inputs.keep), inputs.vectors) : looked;
  const places = constant(
    Int32Array.from({ length }, (_, at) => at),
    [length],
  );
  let h = add(tokens, gather(scope.get(names.positions), places));
  const norm = (x: Tensor): Tensor => layerNorm(x, scope.at(names.finalNorm));
  let hidden = h;
  for (let i = 0; i < config.layers; i++) {
    const weights = scope.at(names.layers).at(i);
    h = block(`${names.layers}.${i}`, () => layerOf[config.naming](h, weights, config));
    if (i + 1 === layer) hidden = h;
  }
  const last = norm(h);
  if (finalNorm) hidden = layer === config.layers ? last : norm(hidden);
  const pooled = reshape(matmul(inputs.pooledAt, last), [batch, config.width]);
  const projection = scope.find("text_projection");
  return { hidden, pooled: projection ? linearWith(pooled, projection, undefined, { transposed: true }) : pooled };
}

type Layer = (x: Tensor, scope: WeightScope, config: ClipTextConfig) => Tensor;

const transformersLayer: Layer = (x, scope, { heads, activation }) => {
  const normed = layerNorm(x, scope.at("layer_norm1"));
  const attn = scope.at("self_attn");
  const [q, k, v] = [linear(normed, attn.at("q_proj")), linear(normed, attn.at("k_proj")), linear(normed, attn.at("v_proj"))];
  const looked = add(linear(attention(q, k, v, { heads, causal: true }), attn.at("out_proj")), x);
  const hidden = activate(linear(layerNorm(looked, scope.at("layer_norm2")), scope.at("mlp.fc1")), activation);
  return add(linear(hidden, scope.at("mlp.fc2")), looked);
};

/** OpenCLIP keeps the rows of q, k and v below each other in one matrix. */
const openClipLayer: Layer = (x, scope, { heads, width, activation }) => {
  const normed = layerNorm(x, scope.at("ln_1"));
  const [weight, bias] = [scope.get("attn.in_proj_weight"), scope.get("attn.in_proj_bias")];
  const projected = (part: number): Tensor => linearWith(normed, weight.rows(part * width, width), bias.rows(part * width, width));
  const [q, k, v] = [projected(0), projected(1), projected(2)];
  const looked = add(linear(attention(q, k, v, { heads, causal: true }), scope.at("attn.out_proj")), x);
  const hidden = activate(linear(layerNorm(looked, scope.at("ln_2")), scope.at("mlp.c_fc")), activation);
  return add(linear(hidden, scope.at("mlp.c_proj")), looked);
};

const layerOf = { transformers: transformersLayer, openClip: openClipLayer } as const;

function activate(x: Tensor, activation: ClipTextConfig["activation"]): Tensor {
  return activation === "quickGelu" ? quickGelu(x) : gelu(x);
}
