"""Converts a network for OpenVINO into a file with fp16 weights. usage: peer_convert.py KIND PATH.xml SIZE=NUMBER…"""

import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import openvino
import torch

from peer_networks import make

kind, path = sys.argv[1], Path(sys.argv[2])
network, inputs = make(kind, {key: int(value) for key, value in (size.split("=") for size in sys.argv[3:])})
path.parent.mkdir(exist_ok=True)
with torch.inference_mode():
    model = openvino.convert_model(network, example_input=inputs, input=[tuple(x.shape) for x in inputs])
part = path.with_name(f"part-{path.name}")
openvino.save_model(model, part, compress_to_fp16=True)
# Last the file whose being there says that the other is whole.
part.with_suffix(".bin").rename(path.with_suffix(".bin"))
part.rename(path)
