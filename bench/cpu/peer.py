"""PyTorch and diffusers with random weights of SD 1.5's sizes: reads a workload name a line, answers with milliseconds.

One process serves all repetitions, so that `run.mjs` can interleave them with ours.
usage: peer.py THREADS
"""
import json
import sys
import time

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)
models = {}


def unet():
    if "unet" not in models:
        model = UNet2DConditionModel(cross_attention_dim=768, attention_head_dim=8).eval()
        models["unet"] = model.to(memory_format=torch.channels_last)
    return models["unet"]


def vae():
    if "vae" not in models:
        down = ("DownEncoderBlock2D",) * 4
        up = ("UpDecoderBlock2D",) * 4
        model = AutoencoderKL(
            block_out_channels=(128, 256, 512, 512), layers_per_block=2, down_block_types=down, up_block_types=up
        )
        models["vae"] = model.eval().to(memory_format=torch.channels_last)
    return models["vae"]


def unet_step(side):
    sample = torch.randn(2, 4, side, side).contiguous(memory_format=torch.channels_last)
    context = torch.randn(2, 77, 768)
    network = unet()
    return lambda: network(sample, torch.tensor(500), encoder_hidden_states=context)


def vae_decode(side):
    latent = torch.randn(1, 4, side, side)
    network = vae()
    return lambda: network.decode(latent)


workloads = {
    "unet 512": lambda: unet_step(64),
    "unet 256": lambda: unet_step(32),
    "vae decode 512": lambda: vae_decode(64),
    "vae decode 256": lambda: vae_decode(32),
}
ready = {}
print(json.dumps({"engine": "PyTorch " + torch.__version__ + ", channels_last, fp32"}), flush=True)
for line in sys.stdin:
    name = line.strip()
    if name not in ready:
        ready[name] = workloads[name]()
    with torch.inference_mode():
        start = time.perf_counter()
        ready[name]()
        print(json.dumps({"milliseconds": (time.perf_counter() - start) * 1000}), flush=True)
