#!/usr/bin/env python3
"""Makes packages/nodes/src/testing/golden/nodes.safetensors and nodes.json: what ComfyUI's own nodes make of small inputs.

  COMFY_DIR=… python3 tools/reference/nodes.py OUT_FOLDER

Needs a ComfyUI checkout (made with a125cd84) and what it imports. nodes.json lists the cases: a node, and its inputs, where "$name" is the tensor
"in.name". Results are named CASE.SLOT.
"""
import importlib
import importlib.util
import json
import os
import sys

COMFY = os.environ["COMFY_DIR"]
OUT = sys.argv[1]
sys.argv = ["main.py", "--cpu"]
sys.path.insert(0, COMFY)
spec = importlib.util.spec_from_file_location("utils", os.path.join(COMFY, "utils", "__init__.py"), submodule_search_locations=[os.path.join(COMFY, "utils")])
sys.modules["utils"] = importlib.util.module_from_spec(spec)

import comfy.options  # noqa: E402

comfy.options.enable_args_parsing()
import nodes  # noqa: E402
import torch  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

torch.set_num_threads(1)
generator = torch.Generator().manual_seed(7)


def rand(*shape):
    return torch.rand(*shape, generator=generator)


INPUTS = {
    "pictures": rand(2, 12, 14, 3),
    "smaller": rand(1, 7, 8, 3),
    "withAlpha": rand(2, 12, 14, 4),
    "mask": rand(1, 12, 14),
    "binary": rand(1, 7, 8).round(),
    "smallMask": rand(1, 7, 8),
    "alpha": rand(2, 12, 14),
    "latent": torch.randn(2, 4, 6, 7, generator=generator),
    "smallLatent": torch.randn(1, 4, 4, 5, generator=generator),
    "otherLatent": torch.randn(2, 4, 6, 7, generator=generator),
    "largerLatent": torch.randn(1, 4, 9, 10, generator=generator),
}
MODULES = ["nodes_mask", "nodes_compositing", "nodes_latent", "nodes_images", "nodes_post_processing", "nodes_morphology"]

classes = dict(nodes.NODE_CLASS_MAPPINGS)
for name in MODULES:
    module = importlib.import_module("comfy_extras." + name)
    classes.update(getattr(module, "NODE_CLASS_MAPPINGS", {}))
    for value in list(vars(module).values()):
        if isinstance(value, type) and hasattr(value, "define_schema"):
            try:
                classes[value.define_schema().node_id] = value
            except Exception:  # a base class
                pass

tensors = {"in." + name: tensor for name, tensor in INPUTS.items()}
cases = []


def case(kind, **inputs):
    def value(given):
        if not (isinstance(given, str) and given.startswith("$")):
            return given
        tensor = INPUTS[given[1:]].clone()
        return {"samples": tensor} if "atent" in given else tensor

    node = classes[kind]
    values = {name: value(given) for name, given in inputs.items()}
    if hasattr(node, "define_schema"):
        result = node.execute(**values)
        results = getattr(result, "result", None) or result.args
    else:
        results = getattr(node(), node.FUNCTION)(**values)
    name = "%s.%d" % (kind, sum(each["node"] == kind for each in cases))
    for slot, result in enumerate(results):
        tensors["%s.%d" % (name, slot)] = (result["samples"] if isinstance(result, dict) else result).float().contiguous()
    cases.append({"name": name, "node": kind, "inputs": inputs})


for sides in ((16, 8, 0, 24), (0, 0, 8, 0), (0, 8, 0, 0)):
    for feathering in (0, 3, 5, 12):
        case("ImagePadForOutpaint", image="$pictures", **dict(zip(("left", "top", "right", "bottom"), sides)), feathering=feathering)
for x, y, feather in ((16, 24, 24), (0, 0, 16), (40, 32, 8), (32, 24, 0)):
    case("LatentComposite", samples_to="$latent", samples_from="$smallLatent", x=x, y=y, feather=feather)
case("LatentBlend", samples1="$latent", samples2="$otherLatent", blend_factor=0.3)
case("LatentCrop", samples="$largerLatent", width=64, height=64, x=64, y=0)
case("LatentCrop", samples="$largerLatent", width=72, height=64, x=8, y=40)
for way in ("x-axis: vertically", "y-axis: horizontally"):
    case("LatentFlip", samples="$latent", flip_method=way)
    case("ImageFlip", image="$pictures", flip_method=way)
for turn in ("none", "90 degrees", "180 degrees", "270 degrees"):
    case("LatentRotate", samples="$latent", rotation=turn)
    case("ImageRotate", image="$pictures", rotation=turn)
case("ImageBatch", image1="$pictures", image2="$smaller")
case("LatentCompositeMasked", destination="$latent", source="$smallLatent", x=24, y=16, resize_source=False, mask="$smallMask")
case("LatentCompositeMasked", destination="$latent", source="$smallLatent", x=0, y=0, resize_source=True, mask="$mask")
case("ImageCompositeMasked", destination="$pictures", source="$smaller", x=5, y=4, resize_source=False, mask="$smallMask")
case("ImageCompositeMasked", destination="$pictures", source="$smaller", x=0, y=0, resize_source=True, mask="$mask")
case("ImageCompositeMasked", destination="$pictures", source="$smaller", x=10, y=9, resize_source=False)
for channel in ("red", "green", "blue", "alpha"):
    case("ImageToMask", image="$withAlpha", channel=channel)
case("ImageColorToMask", image="$pictures", color=0x7F4020)
case("CropMask", mask="$mask", x=4, y=6, width=8, height=5)
for operation in ("multiply", "add", "subtract", "and", "or", "xor"):
    case("MaskComposite", destination="$mask", source="$binary", x=5, y=4, operation=operation)
for mask in ("$binary", "$mask"):
    for expand, tapered in ((3, True), (2, False), (-2, True)):
        case("GrowMask", mask=mask, expand=expand, tapered_corners=tapered)
case("ThresholdMask", mask="$mask", value=0.4)
for mode in importlib.import_module("comfy_extras.nodes_compositing").PorterDuffMode:
    case("PorterDuffImageComposite", source="$smaller", source_alpha="$smallMask", destination="$pictures", destination_alpha="$alpha", mode=mode.name)
case("SplitImageWithAlpha", image="$withAlpha")
for kind in ("LatentAdd", "LatentSubtract"):
    for other in ("$smallLatent", "$otherLatent"):
        case(kind, samples1="$latent", samples2=other)
case("LatentMultiply", samples="$latent", multiplier=1.7)
case("LatentInterpolate", samples1="$smallLatent", samples2="$smallLatent", ratio=0.4)
for dim in ("x", "-x", "y", "-y", "t", "-t"):
    case("LatentConcat", samples1="$latent", samples2="$otherLatent", dim=dim)
case("LatentCut", samples="$latent", dim="x", index=3, amount=3)
case("LatentCut", samples="$latent", dim="y", index=-4, amount=9)
case("ImageCrop", image="$pictures", width=15, height=30, x=7, y=5)
for direction in ("right", "down", "left", "up"):
    for match in (True, False):
        case("ImageStitch", image1="$pictures", image2="$smaller", direction=direction, match_image_size=match, spacing_width=6, spacing_color="red")
for interpolation, size in (("bicubic", (32, 32)), ("lanczos", (15, 32)), ("area", (40, 10)), ("nearest-exact", (31, 33))):
    case("ResizeAndPadImage", image="$pictures", target_width=size[0], target_height=size[1], padding_color="white", interpolation=interpolation)
case("ImageScaleToMaxDimension", image="$pictures", upscale_method="bilinear", largest_size=40)
for mode in ("normal", "multiply", "screen", "overlay", "soft_light", "difference"):
    case("ImageBlend", image1="$pictures", image2="$smaller", blend_factor=0.6, blend_mode=mode)
for radius, sigma in ((1, 1.0), (3, 1.5), (9, 4.0)):
    case("ImageBlur", image="$pictures", blur_radius=radius, sigma=sigma)
case("ImageSharpen", image="$pictures", sharpen_radius=2, sigma=0.8, alpha=0.5)
for operation in ("erode", "dilate", "open", "close", "gradient", "bottom_hat", "top_hat"):
    for size in (3, 5):
        case("Morphology", image="$smaller", operation=operation, kernel_size=size)

save_file(tensors, os.path.join(OUT, "nodes.safetensors"))
with open(os.path.join(OUT, "nodes.json"), "w") as file:
    json.dump(cases, file, indent=1)
