// Tiny random checkpoints with the block structure and the tensor names of the real ones.
import { ModelFile } from "./modelFile.mjs";

const UNET = "model.diffusion_model.";
/** Transformer depth of each residual block of the encoder. */
const DEPTHS = [1, 1, 1, 1, 1, 1, 0, 0];

function residualBlock(file, path, inputs, outputs, embedding) {
  file.norm(`${path}.in_layers.0`, inputs);
  file.conv(`${path}.in_layers.2`, outputs, inputs, 3);
  file.linear(`${path}.emb_layers.1`, outputs, embedding, 0.8);
  file.norm(`${path}.out_layers.0`, outputs);
  file.conv(`${path}.out_layers.3`, outputs, outputs, 3, 0.7);
  if (inputs !== outputs) file.conv(`${path}.skip_connection`, outputs, inputs, 1);
}

function transformer(file, path, channels, context, depth, linear) {
  const project = (key, gain) => (linear ? file.linear(key, channels, channels, gain) : file.conv(key, channels, channels, 1, gain));
  file.norm(`${path}.norm`, channels);
  project(`${path}.proj_in`, 1);
  for (let i = 0; i < depth; i++) {
    const block = `${path}.transformer_blocks.${i}`;
    for (const [attention, keys, gain] of [
      ["attn1", channels, 0.7],
      ["attn2", context, 1.2],
    ]) {
      file.random(`${block}.${attention}.to_q.weight`, [channels, channels], 1.4 / Math.sqrt(channels));
      file.random(`${block}.${attention}.to_k.weight`, [channels, keys], 1.4 / Math.sqrt(keys));
      file.random(`${block}.${attention}.to_v.weight`, [channels, keys], 1 / Math.sqrt(keys));
      file.linear(`${block}.${attention}.to_out.0`, channels, channels, gain);
    }
    file.linear(`${block}.ff.net.0.proj`, channels * 8, channels);
    file.linear(`${block}.ff.net.2`, channels, channels * 4, 0.7);
    for (const norm of ["norm1", "norm2", "norm3"]) file.norm(`${block}.${norm}`, channels);
  }
  project(`${path}.proj_out`, 0.7);
}

function unet(file, width, multipliers, context, linear) {
  const [blocks, embedding] = [2, width * 4];
  file.linear(`${UNET}time_embed.0`, embedding, width);
  file.linear(`${UNET}time_embed.2`, embedding, embedding);
  file.conv(`${UNET}input_blocks.0.0`, width, 4, 3);
  const skips = [width];
  let [channels, at] = [width, 1];
  multipliers.forEach((multiplier, level) => {
    for (let i = 0; i < blocks; i++, at++) {
      residualBlock(file, `${UNET}input_blocks.${at}.0`, channels, multiplier * width, embedding);
      channels = multiplier * width;
      const depth = DEPTHS[level * blocks + i];
      if (depth) transformer(file, `${UNET}input_blocks.${at}.1`, channels, context, depth, linear);
      skips.push(channels);
    }
    if (level === multipliers.length - 1) return;
    file.conv(`${UNET}input_blocks.${at++}.0.op`, channels, channels, 3);
    skips.push(channels);
  });
  residualBlock(file, `${UNET}middle_block.0`, channels, channels, embedding);
  transformer(file, `${UNET}middle_block.1`, channels, context, 1, linear);
  residualBlock(file, `${UNET}middle_block.2`, channels, channels, embedding);
  at = 0;
  for (let level = multipliers.length - 1; level >= 0; level--) {
    for (let i = 0; i <= blocks; i++, at++) {
      const path = `${UNET}output_blocks.${at}`;
      residualBlock(file, `${path}.0`, channels + skips.pop(), multipliers[level] * width, embedding);
      channels = multipliers[level] * width;
      const depth = DEPTHS[level * blocks];
      if (depth) transformer(file, `${path}.1`, channels, context, depth, linear);
      if (level > 0 && i === blocks) file.conv(`${path}.${depth ? 2 : 1}.conv`, channels, channels, 3);
    }
  }
  file.norm(`${UNET}out.0`, width);
  file.conv(`${UNET}out.2`, 4, width, 3);
}

/** Gives the eps output a path from the model's input, so that a random network denoises at all; every other layer still counts. */
function passInputThrough(file, width, last, gain, rest) {
  // The middle of a 3×3 kernel.
  const tap = (row, column, inputs) => (row * inputs + column) * 9 + 4;
  const scale = (key, rows, factor) => {
    if (!file.tensors.has(key)) return;
    const { values, shape } = file.tensors.get(key);
    const each = values.length / shape[0];
    for (let i = 0; i < rows * each; i++) values[i] *= factor;
  };
  const first = `${UNET}input_blocks.0.0`;
  file.values(`${first}.weight`).fill(0, 0, 8 * 4 * 9);
  for (let c = 0; c < 4; c++) {
    file.values(`${first}.weight`)[tap(c, c, 4)] = 1;
    file.values(`${first}.weight`)[tap(4 + c, c, 4)] = -1;
  }
  file.values(`${first}.bias`).fill(0, 0, 8);
  const block = `${UNET}output_blocks.${last}`;
  const skip = `${block}.0.skip_connection.weight`;
  scale(skip, 8, 0.06);
  const { values: skipValues, shape } = file.tensors.get(skip);
  for (let k = 0; k < 8; k++) skipValues[k * shape[1] + width + k] = 1;
  scale(`${block}.0.out_layers.3.weight`, 8, 0.15);
  scale(`${block}.1.proj_out.weight`, 8, 0.15);
  scale(`${block}.1.proj_out.bias`, 8, 0.15);
  const norm = file.values(`${UNET}out.0.weight`);
  for (let i = 0; i < 8; i++) norm[i] = 1 + 0.2 * (norm[i] - 1);
  scale(`${UNET}out.0.bias`, 8, 0.2);
  const out = `${UNET}out.2.weight`;
  scale(out, 4, rest);
  for (let c = 0; c < 4; c++) {
    file.values(out)[tap(c, c, width)] += gain;
    file.values(out)[tap(c, 4 + c, width)] -= gain;
  }
}

function autoencoder(file) {
  const prefix = "first_stage_model.";
  const [width, multipliers, latent] = [32, [1, 2, 4, 4], 4];
  const residual = (path, inputs, outputs) => {
    file.norm(`${path}.norm1`, inputs);
    file.conv(`${path}.conv1`, outputs, inputs, 3);
    file.norm(`${path}.norm2`, outputs);
    file.conv(`${path}.conv2`, outputs, outputs, 3, 0.7);
    if (inputs !== outputs) file.conv(`${path}.nin_shortcut`, outputs, inputs, 1);
  };
  const middle = (path, channels) => {
    residual(`${path}.block_1`, channels, channels);
    file.norm(`${path}.attn_1.norm`, channels);
    for (const part of ["q", "k", "v"]) file.conv(`${path}.attn_1.${part}`, channels, channels, 1, 1.3);
    file.conv(`${path}.attn_1.proj_out`, channels, channels, 1, 0.8);
    residual(`${path}.block_2`, channels, channels);
  };
  const encoder = `${prefix}encoder.`;
  file.conv(`${encoder}conv_in`, width, 3, 3);
  let channels = width;
  multipliers.forEach((multiplier, level) => {
    for (let i = 0; i < 2; i++) {
      residual(`${encoder}down.${level}.block.${i}`, channels, width * multiplier);
      channels = width * multiplier;
    }
    if (level < multipliers.length - 1) file.conv(`${encoder}down.${level}.downsample.conv`, channels, channels, 3);
  });
  middle(`${encoder}mid`, channels);
  file.norm(`${encoder}norm_out`, channels);
  file.conv(`${encoder}conv_out`, 2 * latent, channels, 3, 9);
  const decoder = `${prefix}decoder.`;
  file.conv(`${decoder}conv_in`, channels, latent, 3);
  middle(`${decoder}mid`, channels);
  for (let level = multipliers.length - 1; level >= 0; level--) {
    for (let i = 0; i < 3; i++) {
      residual(`${decoder}up.${level}.block.${i}`, channels, width * multipliers[level]);
      channels = width * multipliers[level];
    }
    if (level > 0) file.conv(`${decoder}up.${level}.upsample.conv`, channels, channels, 3);
  }
  file.norm(`${decoder}norm_out`, channels);
  file.conv(`${decoder}conv_out`, 3, channels, 3, 0.9);
  file.conv(`${prefix}quant_conv`, 2 * latent, 2 * latent, 1);
  file.conv(`${prefix}post_quant_conv`, latent, latent, 1, 0.4);
}

function clipText(file, width, layers) {
  const prefix = "cond_stage_model.transformer.text_model.";
  file.random(`${prefix}embeddings.token_embedding.weight`, [49408, width], 0.5);
  file.random(`${prefix}embeddings.position_embedding.weight`, [77, width], 0.2);
  file.put(`${prefix}embeddings.position_ids`, Array(77).keys(), [1, 77], "I64");
  for (let i = 0; i < layers; i++) {
    const layer = `${prefix}encoder.layers.${i}.`;
    for (const [part, gain] of [
      ["q", 1.3],
      ["k", 1.3],
      ["v", 1],
      ["out", 0.6],
    ]) {
      file.linear(`${layer}self_attn.${part}_proj`, width, width, gain);
    }
    file.norm(`${layer}layer_norm1`, width);
    file.linear(`${layer}mlp.fc1`, 4 * width, width);
    file.linear(`${layer}mlp.fc2`, width, 4 * width, 0.6);
    file.norm(`${layer}layer_norm2`, width);
  }
  file.norm(`${prefix}final_layer_norm`, width);
}

function openClipText(file, width, layers) {
  const prefix = "cond_stage_model.model.";
  file.random(`${prefix}token_embedding.weight`, [49408, width], 0.5);
  file.random(`${prefix}positional_embedding`, [77, width], 0.2);
  for (let i = 0; i < layers; i++) {
    const layer = `${prefix}transformer.resblocks.${i}.`;
    file.random(`${layer}attn.in_proj_weight`, [3 * width, width], 1.2 / Math.sqrt(width));
    file.random(`${layer}attn.in_proj_bias`, [3 * width], 0.05);
    file.linear(`${layer}attn.out_proj`, width, width, 0.5);
    file.norm(`${layer}ln_1`, width);
    file.norm(`${layer}ln_2`, width);
    file.linear(`${layer}mlp.c_fc`, 4 * width, width);
    file.linear(`${layer}mlp.c_proj`, width, 4 * width, 0.5);
  }
  file.norm(`${prefix}ln_final`, width);
  file.random(`${prefix}text_projection`, [width, width], 1 / Math.sqrt(width));
  file.put(`${prefix}logit_scale`, [4.6055], [], "F32");
}

function noiseSchedule(file) {
  const [start, end] = [0.00085 ** 0.5, 0.012 ** 0.5];
  const betas = Float64Array.from({ length: 1000 }, (_, i) => (start + (end - start) * (i / 999)) ** 2);
  let product = 1;
  file.put("betas", betas, [1000], "F32");
  file.put(
    "alphas_cumprod",
    betas.map((beta) => (product *= 1 - beta)),
    [1000],
    "F32",
  );
}

/** SD 1.x: UNet 32 × (1, 2, 4, 4), context 128; CLIP 12 layers × 128; VAE 32. 46 MB. */
export function tinySd15() {
  const file = new ModelFile("tiny-sd15", "F16");
  unet(file, 32, [1, 2, 4, 4], 128, false);
  passInputThrough(file, 32, 11, 1.05, 0.2);
  autoencoder(file);
  clipText(file, 128, 12);
  noiseSchedule(file);
  return file;
}

/** SD 2.x with v-prediction: UNet 64 × (1, 2, 2, 2), linear projections; OpenCLIP 24 layers × 128. 59 MB. */
export function tinySd21v() {
  const file = new ModelFile("tiny-sd21-v", "BF16");
  unet(file, 64, [1, 2, 2, 2], 128, true);
  const out = file.values(`${UNET}out.2.weight`);
  for (let i = 0; i < out.length; i++) out[i] *= 0.4;
  // The spread of this bias is what tells v-prediction from eps.
  file.random(`${UNET}output_blocks.11.1.transformer_blocks.0.norm1.bias`, [64], 0.2);
  autoencoder(file);
  openClipText(file, 128, 24);
  noiseSchedule(file);
  return file;
}
