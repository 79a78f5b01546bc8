"""OpenVINO: `load(kind, sizes)` gives what computes a network, and inputs for it.

Networks are converted once, by a process of their own, into files with fp16 weights, as in life: neither the time nor
the memory of converting is counted.
"""

import subprocess
import sys
from pathlib import Path

import numpy
import openvino

settings = {"PERFORMANCE_HINT": "LATENCY"}
here = Path(__file__).resolve().parent
cache = here.parent / ".cache"


def start(precision, threads):
    settings["INFERENCE_PRECISION_HINT"] = "bf16" if precision == "bf16" else "f32"
    settings["INFERENCE_NUM_THREADS"] = threads
    return f"OpenVINO {openvino.__version__.split('-')[0]}, latency hint, {precision}, fp16 weights in the file"


def converted(kind, sizes):
    path = cache / ("-".join(["openvino", kind, *(f"{key}{value}" for key, value in sorted(sizes.items()))]) + ".xml")
    if not path.exists():
        arguments = [kind, str(path), *(f"{key}={value}" for key, value in sizes.items())]
        subprocess.run([sys.executable, "-B", here / "peer_convert.py", *arguments], check=True, stdout=sys.stderr)
    return path


def load(kind, sizes):
    compiled = openvino.Core().compile_model(converted(kind, sizes), "CPU", settings)
    request = compiled.create_infer_request()
    inputs = []
    for port in compiled.inputs:
        dtype = port.get_element_type().to_dtype()
        values = numpy.random.standard_normal(port.shape) if dtype.kind == "f" else numpy.full(port.shape, 500)
        inputs.append(numpy.asarray(values, dtype))
    return lambda *given: request.infer(given)[0], inputs


def join(tensors):
    return numpy.concatenate(tensors)
