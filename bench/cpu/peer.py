"""A peer as a process that engineProcess.mjs speaks to. usage: peer.py torch|openvino fp32|bf16 THREADS"""

import importlib
import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")

name, precision, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
peer = importlib.import_module(f"peer_{name}")


def prepare_picture(side, steps):
    """Two prompts, steps with guidance, the decoder."""
    encode, (tokens,) = peer.load("text", {})
    step, (_, timestep, _) = peer.load("unet", {"side": side})
    decode, (noise,) = peer.load("decode", {"side": side})

    def run():
        context = peer.join([encode(tokens), encode(tokens)])
        latent = noise
        for _ in range(steps):
            both = step(peer.join([latent, latent]), timestep, context)
            negative, positive = both[:1], both[1:]
            latent = latent - (negative + 7 * (positive - negative)) / steps
        decode(latent)

    return run


def prepare(workload):
    if workload["kind"] == "picture":
        return prepare_picture(**workload["sizes"])
    function, inputs = peer.load(workload["kind"], workload["sizes"])
    return lambda: function(*inputs)


ready = {}
print(json.dumps({"engine": peer.start(precision, threads)}), flush=True)
for line in sys.stdin:
    workload = json.loads(line)
    if workload["name"] not in ready:
        ready[workload["name"]] = prepare(workload)
    run = ready[workload["name"]]
    start = time.perf_counter()
    run()
    print(json.dumps({"milliseconds": (time.perf_counter() - start) * 1000}), flush=True)
