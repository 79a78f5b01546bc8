import { EngineError } from "@patchbay/engine";

/** A batch of pictures or latents, fp32, row-major. `first`: [N, C, H, W]; `last`: [N, H, W, C]. */
export interface Planes {
  readonly data: Float32Array;
  /** Sizes in the order of the layout. */
  readonly shape: readonly [number, number, number, number];
  /** Where the channels are; `first` by default. */
  readonly channels?: "first" | "last";
}

export interface PlaneSizes {
  readonly batch: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** No side beyond this: two of them are still addressable. */
const MAX_SIDE = 1 << 16;

/** @throws MODEL_RESAMPLE for sizes that aren't positive integers or don't fit the data */
export function sizesOf({ data, shape, channels = "first" }: Planes): PlaneSizes {
  const [batch, second, third, fourth] = shape;
  const sizes =
    channels === "first"
      ? { batch, channels: second, height: third, width: fourth }
      : { batch, height: second, width: third, channels: fourth };
  const fits = shape.length === 4 && shape.every((size) => Number.isInteger(size) && size > 0);
  if (!fits || data.length !== shape.reduce((product, size) => product * size, 1))
    throw new EngineError(
      "MODEL_RESAMPLE",
      `Cannot resize ${data.length} values as [${shape.join(", ")}]: four sizes above 0 that multiply to that count are right.`,
    );
  return sizes;
}

/** @throws MODEL_RESAMPLE for a size nothing can be resized to */
export function checkTarget(height: number, width: number): void {
  const fits = (side: number): boolean => Number.isInteger(side) && side > 0 && side <= MAX_SIDE;
  if (!fits(height) || !fits(width))
    throw new EngineError("MODEL_RESAMPLE", `Cannot resize to ${width}×${height}: both sides must be whole numbers from 1 to ${MAX_SIDE}.`);
}

/** The same picture at other sizes. */
export function withSizes(planes: Planes, data: Float32Array, { batch, channels, height, width }: PlaneSizes): Planes {
  const shape = planes.channels === "last" ? ([batch, height, width, channels] as const) : ([batch, channels, height, width] as const);
  return { ...planes, data, shape };
}
