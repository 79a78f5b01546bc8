import { EngineError } from "@patchbay/engine";
import { resizeBislerp } from "./bislerp.js";
import { resizeLanczos } from "./lanczos.js";
import { checkTarget, sizesOf, withSizes, type Planes } from "./planes.js";
import { roundHalfEven } from "./roundHalfEven.js";
import { resizeArea, resizeBicubic, resizeBilinear, resizeNearestExact } from "./resize.js";

/** Every way to resize by the name nodes use. Latents take all but lanczos, pictures all but bislerp. */
export const resizeMethods = {
  "nearest-exact": resizeNearestExact,
  bilinear: resizeBilinear,
  area: resizeArea,
  bicubic: resizeBicubic,
  lanczos: resizeLanczos,
  bislerp: resizeBislerp,
} satisfies Record<string, (planes: Planes, height: number, width: number) => Planes>;

export type ResizeMethod = keyof typeof resizeMethods;

/**
 * Resizes to height × width; with `crop` "center" first cuts what doesn't fit the target's proportions, evenly from both sides.
 * @throws MODEL_RESAMPLE
 */
export function upscale(planes: Planes, height: number, width: number, method: string, crop: "disabled" | "center" = "disabled"): Planes {
  if (!Object.hasOwn(resizeMethods, method))
    throw new EngineError(
      "MODEL_RESAMPLE",
      `There is no way to resize called "${method}": use one of ${Object.keys(resizeMethods).join(", ")}.`,
    );
  checkTarget(height, width);
  const resize = resizeMethods[method as ResizeMethod];
  return resize(crop === "center" ? cropToProportions(planes, height, width) : planes, height, width);
}

/** Cuts the middle part that has (to whole pixels) the proportions of height : width. @throws MODEL_RESAMPLE */
export function cropToProportions(planes: Planes, height: number, width: number): Planes {
  const sizes = sizesOf(planes);
  const oldAspect = sizes.width / sizes.height;
  const newAspect = width / height;
  let [x, y] = [0, 0];
  if (oldAspect > newAspect) x = roundHalfEven((sizes.width - sizes.width * (newAspect / oldAspect)) / 2);
  else if (oldAspect < newAspect) y = roundHalfEven((sizes.height - sizes.height * (oldAspect / newAspect)) / 2);
  return x === 0 && y === 0 ? planes : cropPlanes(planes, x, y, sizes.width - 2 * x, sizes.height - 2 * y);
}

/** The rectangle at (x, y). @throws MODEL_RESAMPLE where it isn't wholly inside */
export function cropPlanes(planes: Planes, x: number, y: number, width: number, height: number): Planes {
  const sizes = sizesOf(planes);
  const inside = x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= sizes.width && y + height <= sizes.height;
  if (!inside || ![x, y, width, height].every(Number.isInteger))
    throw new EngineError(
      "MODEL_RESAMPLE",
      `Cannot cut ${width}×${height} at (${x}, ${y}) out of ${sizes.width}×${sizes.height}: the rectangle must lie inside.`,
    );
  const last = planes.channels === "last";
  const pictures = last ? sizes.batch : sizes.batch * sizes.channels;
  const inner = last ? sizes.channels : 1;
  const out = new Float32Array(pictures * height * width * inner);
  for (let row = 0; row < pictures * height; row++) {
    const from = ((Math.floor(row / height) * sizes.height + y + (row % height)) * sizes.width + x) * inner;
    out.set(planes.data.subarray(from, from + width * inner), row * width * inner);
  }
  return withSizes(planes, out, { ...sizes, height, width });
}
