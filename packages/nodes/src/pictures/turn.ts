import { combo } from "../inputs.js";
import type { ImageValue } from "../values.js";

const rotations = ["none", "90 degrees", "180 degrees", "270 degrees"] as const;
const flips = ["x-axis: vertically", "y-axis: horizontally"] as const;
type Rotation = (typeof rotations)[number];
type Flip = (typeof flips)[number];

/** How far to turn, clockwise. */
export const rotationInput = combo(rotations);
/** The axis that stays where it is. */
export const flipInput = combo(flips);

/** The pictures turned clockwise; a quarter exchanges height and width. */
export function rotate(pictures: ImageValue, rotation: Rotation): ImageValue {
  const { height, width } = pictures;
  if (rotation === "90 degrees") return rearrange(pictures, width, height, (y, x) => [height - 1 - x, y]);
  if (rotation === "180 degrees") return rearrange(pictures, height, width, (y, x) => [height - 1 - y, width - 1 - x]);
  if (rotation === "270 degrees") return rearrange(pictures, width, height, (y, x) => [x, width - 1 - y]);
  return pictures;
}

/** The pictures mirrored: upside down, or left to right. */
export function flip(pictures: ImageValue, method: Flip): ImageValue {
  const { height, width } = pictures;
  const [rows, columns] = [height - 1, width - 1];
  return rearrange(pictures, height, width, method === flips[0] ? (y, x) => [rows - y, x] : (y, x) => [y, columns - x]);
}

/** Pictures of height × width whose pixel (y, x) is the one that `source` names. */
function rearrange(
  pictures: ImageValue,
  height: number,
  width: number,
  source: (y: number, x: number) => readonly [y: number, x: number],
): ImageValue {
  const { batch, channels } = pictures;
  const data = new Float32Array(pictures.data.length);
  const size = height * width * channels;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromY, fromX] = source(y, x);
      const to = (y * width + x) * channels;
      const from = (fromY * pictures.width + fromX) * channels;
      for (let n = 0; n < batch; n++) for (let c = 0; c < channels; c++) data[n * size + to + c] = pictures.data[n * size + from + c]!;
    }
  }
  return { data, batch, height, width, channels };
}
