import type { LatentValue } from "../../../values.js";

/** The axis of a latent [batch, channels, height, width] by its name; "t" is the one before the height. */
export const latentAxes = { t: 1, y: 2, x: 3 } as const;
/** The name of an axis. */
export type LatentAxis = keyof typeof latentAxes;

/** A latent as [outer, length, inner] around an axis. */
export function aroundAxis(
  { shape }: LatentValue,
  axis: number,
): { readonly outer: number; readonly length: number; readonly inner: number } {
  const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
  return { outer: product(shape.slice(0, axis)), length: shape[axis]!, inner: product(shape.slice(axis + 1)) };
}

/** The latent with another length along an axis. */
export function withLength(latent: LatentValue, axis: number, length: number, samples: Float32Array): LatentValue {
  const shape = latent.shape.map((size, i) => (i === axis ? length : size)) as unknown as LatentValue["shape"];
  return { ...latent, samples, shape };
}
