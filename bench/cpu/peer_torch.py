"""PyTorch: `load(kind, sizes)` gives what computes a network, and inputs for it."""

import torch

from peer_networks import make


def start(precision, threads):
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    # Networks are made in the type that they compute in, so that none holds its weights twice.
    torch.set_default_dtype(torch.bfloat16 if precision == "bf16" else torch.float32)
    return f"PyTorch {torch.__version__}, channels_last, {precision}"


def load(kind, sizes):
    network, inputs = make(kind, sizes)
    network.to(memory_format=torch.channels_last)

    def call(*given):
        laid = [x.contiguous(memory_format=torch.channels_last) if x.ndim == 4 else x for x in given]
        with torch.inference_mode():
            return network(*laid)

    return call, inputs


def join(tensors):
    return torch.cat(tensors)
