import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openWeights } from "@patchbay/models";
import type { Node } from "../defineNode.js";
import { loadImage } from "../image/loadImage.js";
import type { ImageValue, LatentValue, MaskValue } from "../values.js";
import { testContext } from "./testContext.js";

const context = testContext();

/** Runs a node; its outputs in slot order. */
export async function runNode(node: Node, inputs: Readonly<Record<string, unknown>>): Promise<readonly unknown[]> {
  return node.run(inputs, context);
}

/** The picture that a node gives first. */
export async function imageFrom(node: Node, inputs: Readonly<Record<string, unknown>>): Promise<ImageValue> {
  return (await runNode(node, inputs))[0] as ImageValue;
}

/** The mask that a node gives first. */
export async function maskFrom(node: Node, inputs: Readonly<Record<string, unknown>>): Promise<MaskValue> {
  return (await runNode(node, inputs))[0] as MaskValue;
}

/** The latent that a node gives first. */
export async function latentFrom(node: Node, inputs: Readonly<Record<string, unknown>>): Promise<LatentValue> {
  return (await runNode(node, inputs))[0] as LatentValue;
}

/** Pictures of the given values, one by default. */
export function picture(values: readonly number[], height: number, width: number, channels = 1): ImageValue {
  return { data: Float32Array.from(values), batch: values.length / (height * width * channels), height, width, channels };
}

/** Masks of the given values. */
export function maskOf(values: readonly number[], height: number, width: number): MaskValue {
  return { data: Float32Array.from(values), batch: values.length / (height * width), height, width };
}

/** Latents of the given values. */
export function latent(values: readonly number[], shape: LatentValue["shape"], more: Partial<LatentValue> = {}): LatentValue {
  return { samples: Float32Array.from(values), shape, ...more };
}

/** A picture of testing/pictures, as LoadImage reads it. */
export async function readPicture(name: string): Promise<ImageValue> {
  copyFileSync(fileURLToPath(new URL(`pictures/${name}`, import.meta.url)), join(context.inputDir, name));
  return imageFrom(loadImage, { image: name });
}

/** What ComfyUI 0.33 saved as a picture, in floats: a tensor of testing/golden. */
export async function readGolden(file: string, name: string): Promise<Float32Array> {
  const store = await openWeights(fileURLToPath(new URL(`golden/${file}.safetensors`, import.meta.url)));
  return store.read(name);
}

/** Values that look random, in 0…1; the same for the same seed. */
export function noise(count: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

/** The largest absolute difference. */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  return Math.max(...Array.from(actual, (value, i) => Math.abs(value - expected[i]!)));
}
