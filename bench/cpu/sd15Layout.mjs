// Names and shapes of the tensors of Stable Diffusion 1.5 in a single file, in the original naming.

/** @returns {Map<string, number[]>} */
export function sd15Layout() {
  const tensors = new Map();
  const put = (name, ...shape) => tensors.set(name, shape);
  const linear = (name, out, inputs, bias = true) => {
    put(`${name}.weight`, out, inputs);
    if (bias) put(`${name}.bias`, out);
  };
  const conv = (name, out, inputs, kernel) => {
    put(`${name}.weight`, out, inputs, kernel, kernel);
    put(`${name}.bias`, out);
  };
  const norm = (name, width) => {
    put(`${name}.weight`, width);
    put(`${name}.bias`, width);
  };

  unet({ put, linear, conv, norm });
  autoencoder({ conv, norm });
  textEncoder({ put, linear, norm });
  return tensors;
}

function unet({ linear, conv, norm }) {
  const prefix = "model.diffusion_model";
  const [width, embedding, context] = [320, 1280, 768];
  const residual = (name, inputs, outputs) => {
    norm(`${name}.in_layers.0`, inputs);
    conv(`${name}.in_layers.2`, outputs, inputs, 3);
    linear(`${name}.emb_layers.1`, outputs, embedding);
    norm(`${name}.out_layers.0`, outputs);
    conv(`${name}.out_layers.3`, outputs, outputs, 3);
    if (inputs !== outputs) conv(`${name}.skip_connection`, outputs, inputs, 1);
  };
  const transformer = (name, channels) => {
    norm(`${name}.norm`, channels);
    conv(`${name}.proj_in`, channels, channels, 1);
    const block = `${name}.transformer_blocks.0`;
    for (const [attention, keys] of [
      ["attn1", channels],
      ["attn2", context],
    ]) {
      linear(`${block}.${attention}.to_q`, channels, channels, false);
      linear(`${block}.${attention}.to_k`, channels, keys, false);
      linear(`${block}.${attention}.to_v`, channels, keys, false);
      linear(`${block}.${attention}.to_out.0`, channels, channels);
    }
    linear(`${block}.ff.net.0.proj`, channels * 8, channels);
    linear(`${block}.ff.net.2`, channels, channels * 4);
    for (const name of ["norm1", "norm2", "norm3"]) norm(`${block}.${name}`, channels);
    conv(`${name}.proj_out`, channels, channels, 1);
  };

  linear(`${prefix}.time_embed.0`, embedding, width);
  linear(`${prefix}.time_embed.2`, embedding, embedding);
  conv(`${prefix}.input_blocks.0.0`, width, 4, 3);
  const skips = [width];
  let [channels, position] = [width, 1];
  const levels = [1, 2, 4, 4];
  levels.forEach((multiplier, level) => {
    for (let i = 0; i < 2; i++) {
      residual(`${prefix}.input_blocks.${position}.0`, channels, width * multiplier);
      channels = width * multiplier;
      if (level < 3) transformer(`${prefix}.input_blocks.${position}.1`, channels);
      skips.push(channels);
      position++;
    }
    if (level < 3) {
      conv(`${prefix}.input_blocks.${position}.0.op`, channels, channels, 3);
      skips.push(channels);
      position++;
    }
  });
  residual(`${prefix}.middle_block.0`, channels, channels);
  transformer(`${prefix}.middle_block.1`, channels);
  residual(`${prefix}.middle_block.2`, channels, channels);
  position = 0;
  levels.toReversed().forEach((multiplier, at) => {
    const level = 3 - at;
    for (let i = 0; i < 3; i++) {
      residual(`${prefix}.output_blocks.${position}.0`, channels + skips.pop(), width * multiplier);
      channels = width * multiplier;
      if (level < 3) transformer(`${prefix}.output_blocks.${position}.1`, channels);
      if (level > 0 && i === 2) conv(`${prefix}.output_blocks.${position}.${level < 3 ? 2 : 1}.conv`, channels, channels, 3);
      position++;
    }
  });
  norm(`${prefix}.out.0`, width);
  conv(`${prefix}.out.2`, 4, width, 3);
}

function autoencoder({ conv, norm }) {
  const prefix = "first_stage_model";
  const residual = (name, inputs, outputs) => {
    norm(`${name}.norm1`, inputs);
    conv(`${name}.conv1`, outputs, inputs, 3);
    norm(`${name}.norm2`, outputs);
    conv(`${name}.conv2`, outputs, outputs, 3);
    if (inputs !== outputs) conv(`${name}.nin_shortcut`, outputs, inputs, 1);
  };
  const middle = (name) => {
    residual(`${name}.block_1`, 512, 512);
    norm(`${name}.attn_1.norm`, 512);
    for (const part of ["q", "k", "v", "proj_out"]) conv(`${name}.attn_1.${part}`, 512, 512, 1);
    residual(`${name}.block_2`, 512, 512);
  };
  const levels = [128, 256, 512, 512];
  conv(`${prefix}.encoder.conv_in`, 128, 3, 3);
  levels.reduce((inputs, outputs, level) => {
    for (let i = 0; i < 2; i++) residual(`${prefix}.encoder.down.${level}.block.${i}`, i ? outputs : inputs, outputs);
    if (level < 3) conv(`${prefix}.encoder.down.${level}.downsample.conv`, outputs, outputs, 3);
    return outputs;
  }, 128);
  middle(`${prefix}.encoder.mid`);
  norm(`${prefix}.encoder.norm_out`, 512);
  conv(`${prefix}.encoder.conv_out`, 8, 512, 3);
  conv(`${prefix}.quant_conv`, 8, 8, 1);
  conv(`${prefix}.post_quant_conv`, 4, 4, 1);
  conv(`${prefix}.decoder.conv_in`, 512, 4, 3);
  middle(`${prefix}.decoder.mid`);
  levels.reduceRight((inputs, outputs, level) => {
    for (let i = 0; i < 3; i++) residual(`${prefix}.decoder.up.${level}.block.${i}`, i ? outputs : inputs, outputs);
    if (level > 0) conv(`${prefix}.decoder.up.${level}.upsample.conv`, outputs, outputs, 3);
    return outputs;
  }, 512);
  norm(`${prefix}.decoder.norm_out`, 128);
  conv(`${prefix}.decoder.conv_out`, 3, 128, 3);
}

function textEncoder({ put, linear, norm }) {
  const prefix = "cond_stage_model.transformer.text_model";
  put(`${prefix}.embeddings.token_embedding.weight`, 49408, 768);
  put(`${prefix}.embeddings.position_embedding.weight`, 77, 768);
  for (let i = 0; i < 12; i++) {
    const layer = `${prefix}.encoder.layers.${i}`;
    for (const part of ["q_proj", "k_proj", "v_proj", "out_proj"]) linear(`${layer}.self_attn.${part}`, 768, 768);
    norm(`${layer}.layer_norm1`, 768);
    norm(`${layer}.layer_norm2`, 768);
    linear(`${layer}.mlp.fc1`, 3072, 768);
    linear(`${layer}.mlp.fc2`, 768, 3072);
  }
  norm(`${prefix}.final_layer_norm`, 768);
}
