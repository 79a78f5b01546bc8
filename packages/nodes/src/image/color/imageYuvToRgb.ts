import { defineNode } from "../../defineNode.js";
import { wire } from "../../inputs.js";
import { NodeError } from "../../nodeError.js";
import type { ImageValue } from "../../values.js";

export const imageYuvToRgb = defineNode({
  type: "ImageYUVToRGB",
  displayName: "Image YUV to RGB",
  category: "image/color",
  description: "Makes pictures of their brightness and two differences of colour; of each picture the mean of its channels counts.",
  module: "comfy_extras.nodes_morphology",
  inputs: { Y: wire("IMAGE"), U: wire("IMAGE"), V: wire("IMAGE") },
  outputs: { IMAGE: "IMAGE" },
  run({ Y, U, V }) {
    const { batch, height, width } = Y;
    if ([U, V].some((each) => each.batch !== batch || each.height !== height || each.width !== width))
      throw new NodeError(
        "NODE_SIZES_DIFFER",
        `Cannot join pictures of ${[Y, U, V].map((each) => `${each.batch}×${each.width}×${each.height}`).join(", ")}: all must have one size`,
      );
    const data = new Float32Array(batch * height * width * 3);
    for (let i = 0; i < batch * height * width; i++) {
      const [y, u, v] = [mean(Y, i), mean(U, i) - 0.5, mean(V, i) - 0.5];
      const rgb = [y + 1.403 * v, y - 0.714 * v - 0.344 * u, y + 1.773 * u];
      rgb.forEach((value, c) => (data[i * 3 + c] = Math.min(Math.max(value, 0), 1)));
    }
    return { IMAGE: { data, batch, height, width, channels: 3 } };
  },
});

function mean({ data, channels }: ImageValue, pixel: number): number {
  let sum = 0;
  for (let c = 0; c < channels; c++) sum += data[pixel * channels + c]!;
  return sum / channels;
}
