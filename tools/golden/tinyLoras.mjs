// Tiny LoRA files for the tiny SD 1.x checkpoint, in the naming of each program that writes them.
import { ModelFile } from "./modelFile.mjs";

const KOHYA_UNET = "lora_unet_";
const kohyaText = (layer, part) => `lora_te_text_model_encoder_layers_${layer}_${part}`;

/** The two factors for a weight of the given shape. */
function pair(file, base, shape, rank, { up = "lora_up", down = "lora_down", alpha, deviation = 0.35 } = {}) {
  const [outputs, inputs, ...kernel] = shape;
  const fanIn = kernel.reduce((product, size) => product * size, inputs);
  file.random(`${base}.${down}.weight`, [rank, inputs, ...kernel], 1 / Math.sqrt(fanIn));
  file.random(`${base}.${up}.weight`, [outputs, rank, ...kernel.map(() => 1)], deviation);
  if (alpha !== undefined) file.put(`${base}.alpha`, [alpha], [], "F32");
}

export function kohya() {
  const file = new ModelFile("tiny-sd15-kohya", "F16");
  file.metadata = { format: "pt", ss_network_dim: "4" };
  const block = `${KOHYA_UNET}down_blocks_0_attentions_1_transformer_blocks_0_`;
  for (const part of ["attn1_to_q", "attn1_to_k", "attn1_to_v", "attn1_to_out_0", "attn2_to_q", "attn2_to_out_0"]) {
    pair(file, block + part, [32, 32], 4, { alpha: 2 });
  }
  for (const part of ["attn2_to_k", "attn2_to_v"]) pair(file, block + part, [32, 128], 4, { alpha: 2 });
  pair(file, `${block}ff_net_0_proj`, [256, 32], 4, { alpha: 2 });
  pair(file, `${block}ff_net_2`, [32, 128], 4, { alpha: 2 });
  pair(file, `${KOHYA_UNET}down_blocks_0_attentions_1_proj_in`, [32, 32, 1, 1], 4, { alpha: 2 });
  pair(file, `${KOHYA_UNET}down_blocks_0_attentions_1_proj_out`, [32, 32, 1, 1], 4, { alpha: 2 });
  pair(file, `${KOHYA_UNET}mid_block_attentions_0_transformer_blocks_0_attn2_to_k`, [128, 128], 8);
  pair(file, `${KOHYA_UNET}up_blocks_1_attentions_2_transformer_blocks_0_attn2_to_v`, [128, 128], 4, { alpha: 1 });
  pair(file, `${KOHYA_UNET}up_blocks_3_attentions_0_transformer_blocks_0_attn1_to_q`, [32, 32], 4, { alpha: 2 });
  for (const layer of [0, 5, 11]) {
    for (const part of ["q", "k", "v", "out"]) pair(file, kohyaText(layer, `self_attn_${part}_proj`), [128, 128], 4, { alpha: 2 });
    pair(file, kohyaText(layer, "mlp_fc1"), [512, 128], 4, { alpha: 2 });
    pair(file, kohyaText(layer, "mlp_fc2"), [128, 512], 4, { alpha: 2 });
  }
  return file;
}

export function locon() {
  const file = new ModelFile("tiny-sd15-locon", "F16");
  const layers = [
    ["down_blocks_0_resnets_0_conv1", [32, 32, 3, 3]],
    ["down_blocks_1_resnets_0_conv2", [64, 64, 3, 3]],
    ["down_blocks_1_resnets_0_conv_shortcut", [64, 32, 1, 1]],
    ["down_blocks_0_downsamplers_0_conv", [32, 32, 3, 3]],
    ["up_blocks_2_upsamplers_0_conv", [64, 64, 3, 3]],
  ];
  for (const [name, shape] of layers) pair(file, KOHYA_UNET + name, shape, 4, { alpha: 2 });
  pair(file, `${KOHYA_UNET}conv_in`, [32, 4, 3, 3], 2, { alpha: 1, deviation: 0.1 });
  pair(file, `${KOHYA_UNET}mid_block_resnets_0_time_emb_proj`, [128, 128], 4, { alpha: 2 });
  const tucker = `${KOHYA_UNET}up_blocks_3_resnets_0_conv1`;
  file.random(`${tucker}.lora_down.weight`, [4, 96, 1, 1], 0.1);
  file.random(`${tucker}.lora_mid.weight`, [4, 4, 3, 3], 0.3);
  file.random(`${tucker}.lora_up.weight`, [32, 4, 1, 1], 0.5);
  file.put(`${tucker}.alpha`, [2], [], "F32");
  return file;
}

export function diffusers() {
  const file = new ModelFile("tiny-sd15-diffusers", "F32");
  const block = "unet.down_blocks.1.attentions.0.transformer_blocks.0.";
  const names = { up: "up", down: "down" };
  for (const part of ["to_q", "to_k", "to_v", "to_out"]) pair(file, `${block}attn1.processor.${part}_lora`, [64, 64], 4, names);
  pair(file, `${block}attn2.processor.to_k_lora`, [64, 128], 4, names);
  const textNames = { up: "lora_linear_layer.up", down: "lora_linear_layer.down" };
  for (const layer of [1, 3]) {
    for (const part of ["q_proj", "v_proj"]) pair(file, `text_encoder.text_model.encoder.layers.${layer}.self_attn.${part}`, [128, 128], 4, textNames);
  }
  return file;
}

export function peft() {
  const file = new ModelFile("tiny-sd15-peft", "F32");
  const names = { up: "lora_B", down: "lora_A" };
  pair(file, "unet.mid_block.attentions.0.transformer_blocks.0.attn1.processor.to_q", [128, 128], 4, names);
  pair(file, "unet.up_blocks.1.attentions.0.transformer_blocks.0.attn2.processor.to_v", [128, 128], 4, names);
  pair(file, "unet.up_blocks.2.attentions.1.transformer_blocks.0.ff.net.2", [64, 256], 4, names);
  pair(file, "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.processor.to_out", [32, 32], 4, names);
  pair(file, "diffusion_model.output_blocks.8.1.transformer_blocks.0.attn1.to_k", [64, 64], 4, { ...names, alpha: 2 });
  return file;
}

/** A textual inversion of `vectors` vectors. */
export function embedding(name, vectors, width) {
  const file = new ModelFile(name, "F32");
  file.metadata = undefined;
  file.random("emb_params", [vectors, width], 0.5);
  return file;
}
