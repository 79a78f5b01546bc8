import { allocate } from "../../allocate.js";
import { defineNode } from "../../defineNode.js";
import { boolean, combo, int, optional, wire } from "../../inputs.js";
import { withChannels } from "../../pictures/channels.js";
import { placeOver, type Placement } from "../../pictures/placeOver.js";
import type { ImageValue } from "../../values.js";
import { resizeImage } from "../upscaling/imageMethods.js";

const colours = { white: [1, 1, 1], black: [0, 0, 0], red: [1, 0, 0], green: [0, 1, 0], blue: [0, 0, 1] } as const;

export const imageStitch = defineNode({
  type: "ImageStitch",
  displayName: "Stitch Images",
  category: "image/transform",
  description: "Puts the second picture beside the first one, on the side you name; of the smaller batch the last picture is used again.",
  module: "comfy_extras.nodes_images",
  inputs: {
    image1: wire("IMAGE"),
    direction: combo(["right", "down", "left", "up"], { default: "right" }),
    match_image_size: boolean({ default: true }),
    spacing_width: int({ advanced: true, default: 0, min: 0, max: 1024, step: 2 }),
    spacing_color: combo(["white", "black", "red", "green", "blue"], { advanced: true, default: "white" }),
    image2: optional(wire("IMAGE")),
  },
  outputs: { IMAGE: "IMAGE" },
  run({ image1, direction, match_image_size, spacing_width, spacing_color, image2 }, { memoryLimit }) {
    if (!image2) return { IMAGE: image1 };
    const isBeside = direction === "left" || direction === "right";
    const colour = [...colours[spacing_color], 1];
    const matched = match_image_size ? matchSide(image2, image1, isBeside, memoryLimit) : image2;
    const channels = Math.max(image1.channels, matched.channels);
    const batch = Math.max(image1.batch, matched.batch);
    const height = Math.max(image1.height, matched.height);
    const width = Math.max(image1.width, matched.width);
    const isGrey = spacing_color === "white" || spacing_color === "black";
    const pair = [image1, matched].map((image) => {
      const size = isBeside ? { height, width: image.width } : { height: image.height, width };
      const centred = centre(image, size, isGrey ? colour[0]! : 0, memoryLimit);
      return repeatLast(withChannels(centred, channels, memoryLimit), batch, memoryLimit);
    });
    const [first, second] = (direction === "left" || direction === "up" ? pair.reverse() : pair) as [ImageValue, ImageValue];
    // The band is even, as encoders of videos want it.
    const band = spacing_width + (spacing_width % 2);
    const size = isBeside
      ? { batch, height, width: first.width + band + second.width, channels }
      : { batch, height: first.height + band + second.height, width, channels };
    const data = allocate("pictures", [batch, size.height, size.width, channels], memoryLimit);
    // The pictures cover all but the band.
    for (let i = 0; i < data.length; i++) data[i] = colour[i % channels]!;
    const start = (offset: number): Placement => (isBeside ? { left: offset, top: 0 } : { left: 0, top: offset });
    const withFirst = placeOver({ ...size, data }, first, start(0));
    return { IMAGE: placeOver(withFirst, second, start((isBeside ? first.width : first.height) + band)) };
  },
});

/** The picture in its own proportions with the side of `other` that will touch it. */
function matchSide(image: ImageValue, other: ImageValue, isBeside: boolean, memoryLimit: number | undefined): ImageValue {
  const aspect = image.width / image.height;
  const height = isBeside ? other.height : Math.max(1, Math.trunc(other.width / aspect));
  const width = isBeside ? Math.max(1, Math.trunc(other.height * aspect)) : other.width;
  return resizeImage(image, height, width, "lanczos", "disabled", memoryLimit);
}

function repeatLast(image: ImageValue, batch: number, memoryLimit: number | undefined): ImageValue {
  if (image.batch === batch) return image;
  const { height, width, channels } = image;
  const data = allocate("pictures", [batch, height, width, channels], memoryLimit);
  data.set(image.data);
  const size = height * width * channels;
  for (let n = image.batch; n < batch; n++) data.set(image.data.subarray((image.batch - 1) * size), n * size);
  return { ...image, data, batch };
}

/** The picture in the middle of a larger one, on `fill` in all its channels. */
function centre(
  image: ImageValue,
  { height, width }: Pick<ImageValue, "height" | "width">,
  fill: number,
  memoryLimit: number | undefined,
): ImageValue {
  if (image.height === height && image.width === width) return image;
  const { batch, channels } = image;
  const data = allocate("pictures", [batch, height, width, channels], memoryLimit).fill(fill);
  const place = { left: Math.floor((width - image.width) / 2), top: Math.floor((height - image.height) / 2) };
  return placeOver({ data, batch, height, width, channels }, image, place);
}
