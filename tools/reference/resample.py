#!/usr/bin/env python3
"""Makes packages/models/src/resample/golden/resample.safetensors with PyTorch and Pillow.

  pip install torch numpy pillow==13.0.0 safetensors
  python3 tools/reference/resample.py OUT.safetensors

Names: METHOD.HEIGHTxWIDTH, made from input.latent [2, 4, 7, 5]; lanczos.CHANNELS.HEIGHTxWIDTH from input.CHANNELS [1, C, 9, 13] in 0..1.
"""
import sys

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file

SIZES = [(7, 5), (14, 10), (3, 2), (1, 1), (8, 8), (11, 3), (21, 4), (13, 17), (6, 9)]
LANCZOS_SIZES = [(9, 13), (18, 26), (4, 6), (9, 5), (20, 13), (3, 31), (4, 12), (2, 8), (1, 1)]


def main():
    generator = torch.Generator().manual_seed(11)
    latent = torch.randn((2, 4, 7, 5), generator=generator)
    tensors = {"input.latent": latent}
    for method in ("nearest-exact", "bilinear", "area", "bicubic"):
        for size in SIZES:
            out = torch.nn.functional.interpolate(latent, size=size, mode=method)
            tensors["%s.%dx%d" % (method, *size)] = out.contiguous()
    for channels, mode in ((1, "L"), (3, "RGB"), (4, "RGBA")):
        picture = torch.rand((1, channels, 9, 13), generator=generator) * 1.2 - 0.1
        tensors["input.%d" % channels] = picture
        pixels = np.clip(255.0 * picture[0].permute(1, 2, 0).numpy(), 0, 255).astype(np.uint8)
        image = Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels, mode)
        for height, width in LANCZOS_SIZES:
            out = np.asarray(image.resize((width, height), Image.LANCZOS)).reshape(height, width, channels)
            tensors["lanczos.%d.%dx%d" % (channels, height, width)] = torch.from_numpy(out.astype(np.float32) / 255.0).permute(2, 0, 1)[None].contiguous()
    save_file(tensors, sys.argv[1])


if __name__ == "__main__":
    main()
