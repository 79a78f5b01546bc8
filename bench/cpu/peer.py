"""A peer with random weights of SD 1.5's sizes: reads a workload's name a line, answers with milliseconds.

One process serves all repetitions, so that `run.mjs` can interleave them with ours and with other peers.
usage: peer.py torch|openvino fp32|bf16 THREADS
"""
import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

engine, precision, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(0)


class Decoder(torch.nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, latent):
        return self.vae.decode(latent).sample


class Encoder(torch.nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, picture):
        return self.vae.encode(picture).latent_dist.mean


class Step(torch.nn.Module):
    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, sample, timestep, context):
        return self.unet(sample, timestep, encoder_hidden_states=context).sample


class Text(torch.nn.Module):
    def __init__(self, clip):
        super().__init__()
        self.clip = clip

    def forward(self, tokens):
        return self.clip(tokens).last_hidden_state


def vae():
    down = ("DownEncoderBlock2D",) * 4
    up = ("UpDecoderBlock2D",) * 4
    return AutoencoderKL(
        block_out_channels=(128, 256, 512, 512), layers_per_block=2, down_block_types=down, up_block_types=up
    )


makers = {
    "unet": lambda: Step(UNet2DConditionModel(cross_attention_dim=768, attention_head_dim=8)),
    "decoder": lambda: Decoder(vae()),
    "encoder": lambda: Encoder(vae()),
    "text": lambda: Text(CLIPTextModel(CLIPTextConfig(hidden_size=768, intermediate_size=3072, num_attention_heads=12))),
}


def unet_inputs(side):
    return torch.randn(2, 4, side, side), torch.tensor(500), torch.randn(2, 77, 768)


workloads = {
    "unet 512": ("unet", lambda: unet_inputs(64)),
    "unet 256": ("unet", lambda: unet_inputs(32)),
    "vae decode 512": ("decoder", lambda: (torch.randn(1, 4, 64, 64),)),
    "vae decode 256": ("decoder", lambda: (torch.randn(1, 4, 32, 32),)),
    "vae encode 512": ("encoder", lambda: (torch.randn(1, 3, 512, 512),)),
    "clip text": ("text", lambda: (torch.randint(0, 49406, (1, 77)),)),
}
modules = {}


def module(name):
    if name not in modules:
        made = makers[name]().eval()
        modules[name] = made
    return modules[name]


def torch_runner(name):
    kind, inputs = workloads[name]
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    network = module(kind).to(dtype=dtype, memory_format=torch.channels_last)
    given = [x.to(dtype) if x.is_floating_point() else x for x in inputs()]
    given = [x.contiguous(memory_format=torch.channels_last) if x.ndim == 4 else x for x in given]

    def run():
        with torch.inference_mode():
            network(*given)

    return run


def openvino_runner(name):
    import openvino

    kind, inputs = workloads[name]
    given = inputs()
    with torch.inference_mode():
        converted = openvino.convert_model(module(kind), example_input=given, input=[tuple(x.shape) for x in given])
    compiled = openvino.Core().compile_model(
        converted,
        "CPU",
        {
            "INFERENCE_PRECISION_HINT": "bf16" if precision == "bf16" else "f32",
            "INFERENCE_NUM_THREADS": threads,
            "PERFORMANCE_HINT": "LATENCY",
        },
    )
    request = compiled.create_infer_request()
    arrays = [x.numpy() for x in given]
    return lambda: request.infer(arrays)


def version():
    if engine == "torch":
        return f"PyTorch {torch.__version__}, channels_last, {precision}"
    import openvino

    return f"OpenVINO {openvino.__version__.split('-')[0]}, latency hint, {precision}"


ready = {}
print(json.dumps({"engine": version()}), flush=True)
for line in sys.stdin:
    name = line.strip()
    if name not in ready:
        ready[name] = torch_runner(name) if engine == "torch" else openvino_runner(name)
    start = time.perf_counter()
    ready[name]()
    print(json.dumps({"milliseconds": (time.perf_counter() - start) * 1000}), flush=True)
