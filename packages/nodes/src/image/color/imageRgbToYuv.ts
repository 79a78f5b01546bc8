import { defineNode } from "../../defineNode.js";
import { wire } from "../../inputs.js";
import { NodeError } from "../../nodeError.js";
import type { ImageValue } from "../../values.js";

/** Y, then (B − Y)·0.564 + 0.5, then (R − Y)·0.713 + 0.5, as weights of R, G, B and an offset. Source: ITU-R BT.601. */
const rows = [
  [0.299, 0.587, 0.114, 0],
  [-0.168636, -0.331068, 0.499704, 0.5],
  [0.499813, -0.418531, -0.081282, 0.5],
] as const;

export const imageRgbToYuv = defineNode({
  type: "ImageRGBToYUV",
  displayName: "Image RGB to YUV",
  category: "image/color",
  description: "Separates brightness and the two differences of colour; each is a grey picture.",
  module: "comfy_extras.nodes_morphology",
  inputs: { image: wire("IMAGE") },
  outputs: { Y: "IMAGE", U: "IMAGE", V: "IMAGE" },
  run({ image }) {
    if (image.channels !== 3)
      throw new NodeError("NODE_IMAGE_CHANNELS", `Cannot separate the colours of pictures with ${image.channels} channels: 3 are right`);
    const [Y, U, V] = rows.map((row) => weigh(image, row));
    return { Y, U, V };
  },
});

/** The weighted sum of the colours, in all three channels. */
function weigh(image: ImageValue, [red, green, blue, offset]: (typeof rows)[number]): ImageValue {
  const data = new Float32Array(image.data.length);
  for (let i = 0; i < data.length; i += 3)
    data.fill(offset + red * image.data[i]! + green * image.data[i + 1]! + blue * image.data[i + 2]!, i, i + 3);
  return { ...image, data };
}
