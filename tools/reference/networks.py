#!/usr/bin/env python3
"""Makes the golden tensors of packages/models' networks: small random configurations run through diffusers and transformers.

usage: networks.py [OUT]     (default: packages/models/src/families/golden; needs torch, diffusers, transformers, safetensors, numpy)

Weights aren't stored: every tensor is a stream of hashed counters (see `stream`), which the tests generate again from its name. A file
holds the names and shapes (metadata), the inputs and the outputs. The reference runs in fp64, so that its own rounding is out of the way.
"""
import hashlib, json, os, struct, sys
import numpy as np
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors.numpy import save_file
from transformers import CLIPTextConfig, CLIPTextModel


def stream(name, shape):
    """lowbias32 (Wellons' integer hash) of seed + i * 0x9E3779B9, as uniform numbers; seed: sha256 of the name."""
    n = int(np.prod(shape)) if len(shape) else 1
    seed = struct.unpack("<I", hashlib.sha256(("patchbay-networks:" + name).encode()).digest()[:4])[0]
    with np.errstate(over="ignore"):
        x = np.arange(1, n + 1, dtype=np.uint32) * np.uint32(0x9E3779B9) + np.uint32(seed)
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x7FEB352D)
        x ^= x >> np.uint32(15)
        x *= np.uint32(0x846CA68B)
        x ^= x >> np.uint32(16)
    u = (x >> np.uint32(8)).astype(np.float64) * 2.0**-24 - 0.5
    if len(shape) >= 2:
        fan = int(np.prod(shape[1:]))
        scale, mean = (1.0 if "embedding" in name and "time" not in name else 3.0 / np.sqrt(float(fan))), 0.0
    else:
        scale, mean = 0.5, (1.0 if name.endswith("weight") else 0.0)
    return (u * scale + mean).astype(np.float32).reshape(shape)


def fill(model, prefix=""):
    state = model.state_dict()
    shapes = {}
    for key, value in state.items():
        if not value.dtype.is_floating_point:
            continue
        name = key.removeprefix("text_model.")
        shapes[name] = list(value.shape)
        state[key] = torch.from_numpy(stream(prefix + name, tuple(value.shape)).copy())
    model.load_state_dict(state)
    return model.double().eval(), shapes


def save(name, shapes, tensors):
    tensors = {k: np.ascontiguousarray(v.detach().float().numpy() if torch.is_tensor(v) else v) for k, v in tensors.items()}
    save_file(tensors, os.path.join(OUT, name + ".safetensors"), metadata={"weights": json.dumps(shapes, separators=(",", ":"))})
    print(name, len(shapes), {k: list(v.shape) for k, v in tensors.items()})


def unet(name, size, batch, length, timestep, **config):
    n = len(config["block_out_channels"])
    attention = config.pop("attention")
    down = ["CrossAttnDownBlock2D" if attention[i] else "DownBlock2D" for i in range(n)]
    up = ["CrossAttnUpBlock2D" if attention[i] else "UpBlock2D" for i in reversed(range(n))]
    model, shapes = fill(UNet2DConditionModel(sample_size=8, in_channels=4, out_channels=4, down_block_types=down, up_block_types=up, **config))
    x = stream("x" + name, (batch, 4) + size) * np.float32(4)
    context = stream("context" + name, (batch, length, config["cross_attention_dim"])) * np.float32(4)
    with torch.no_grad():
        y = model(torch.from_numpy(x).double(), timestep, torch.from_numpy(context).double()).sample
    save(name, shapes, {"x": x, "context": context, "timestep": np.array([timestep], np.float32), "output": y})


def autoencoder(name, size, batch, **config):
    n = len(config["block_out_channels"])
    model, shapes = fill(AutoencoderKL(in_channels=3, out_channels=3, latent_channels=4, down_block_types=["DownEncoderBlock2D"] * n,
                                       up_block_types=["UpDecoderBlock2D"] * n, **config))
    image = stream("image" + name, (batch, 3) + size) * np.float32(2)
    with torch.no_grad():
        latent = model.encode(torch.from_numpy(image).double()).latent_dist.mean
        decoded = model.decode(latent).sample
    save(name, shapes, {"image": image, "latent": latent, "decoded": decoded})


def text(name, hidden, layers, act, length, batch=2, projection=False):
    vocabulary = 60
    config = CLIPTextConfig(vocab_size=vocabulary, hidden_size=hidden, intermediate_size=4 * hidden, num_hidden_layers=layers,
                            num_attention_heads=hidden // 64, max_position_embeddings=length, hidden_act=act, eos_token_id=vocabulary - 1,
                            bos_token_id=0, pad_token_id=0)
    model, shapes = fill(CLIPTextModel(config))
    ids = ((np.arange(batch * length) * 37 + 11) % (vocabulary - 1)).reshape(batch, length)
    ends = [length // 2 + i for i in range(batch)]
    for row, end in enumerate(ends):
        ids[row, end] = vocabulary - 1
    with torch.no_grad():
        out = model(torch.from_numpy(ids), output_hidden_states=True)
        norm = next(m for k, m in model.named_modules() if k.endswith("final_layer_norm"))
        penultimate = norm(out.hidden_states[-2])
    pooled = torch.stack([out.last_hidden_state[row, end] for row, end in enumerate(ends)])
    if projection:
        shapes["text_projection"] = [hidden, hidden]
        pooled = pooled @ torch.from_numpy(stream("text_projection", (hidden, hidden))).double()
    save(name, shapes, {"ids": ids.astype(np.float32), "ends": np.array(ends, np.float32), "last": out.last_hidden_state,
                        "penultimate": penultimate, "pooled": pooled})


OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "../../packages/models/src/families/golden")
os.makedirs(OUT, exist_ok=True)
torch.set_num_threads(1)
unet("unet-sd1", (6, 6), 2, 5, 500, block_out_channels=(32, 64), layers_per_block=1, attention=(True, False), cross_attention_dim=24, attention_head_dim=8)
unet("unet-sd1-odd", (7, 5), 1, 3, 999, block_out_channels=(32, 32, 64), layers_per_block=2, attention=(True, True, False), cross_attention_dim=40, attention_head_dim=8)
unet("unet-sd2", (4, 6), 2, 7, 1, block_out_channels=(64, 128), layers_per_block=1, attention=(True, False), cross_attention_dim=32,
     attention_head_dim=(1, 2), use_linear_projection=True)
unet("unet-sd2-odd", (5, 3), 1, 4, 0, block_out_channels=(64, 64, 128), layers_per_block=1, attention=(True, True, False), cross_attention_dim=16,
     attention_head_dim=(1, 1, 2), use_linear_projection=True)
autoencoder("autoencoder", (8, 12), 2, block_out_channels=(32, 64), layers_per_block=1)
autoencoder("autoencoder-odd", (12, 20), 1, block_out_channels=(32, 32, 64), layers_per_block=2)
text("clip-l", 64, 3, "quick_gelu", 16)
text("clip-l-odd", 128, 2, "quick_gelu", 9, batch=3)
text("open-clip", 64, 3, "gelu", 12, projection=True)
text("open-clip-odd", 128, 2, "gelu", 7, batch=1)
