import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxDifference, readGoldenTensors } from "../testing/goldenTensors.js";
import { sizesOf, type Planes } from "./planes.js";
import { roundHalfEven } from "./roundHalfEven.js";
import { cropPlanes, cropToProportions, resizeMethods, upscale, type ResizeMethod } from "./upscale.js";

const torch = readGoldenTensors(new URL("golden/resample.safetensors", import.meta.url));
const comfy = readGoldenTensors(new URL("golden/bislerp.safetensors", import.meta.url));
const crops = JSON.parse(readFileSync(new URL("golden/centerCrops.json", import.meta.url), "utf8")) as number[][];

const planesOf = (tensors: typeof torch, name: string): Planes => {
  const { data, shape } = tensors.get(name)!;
  return { data, shape: shape as unknown as Planes["shape"] };
};

function toChannelsLast(planes: Planes): Planes {
  const { batch, channels, height, width } = sizesOf(planes);
  const data = new Float32Array(planes.data.length);
  const plane = height * width;
  for (let n = 0; n < batch; n++)
    for (let c = 0; c < channels; c++)
      for (let i = 0; i < plane; i++) data[(n * plane + i) * channels + c] = planes.data[(n * channels + c) * plane + i]!;
  return { data, shape: [batch, height, width, channels], channels: "last" };
}

const size = (name: string): [number, number] => name.split(".").at(-1)!.split("x").map(Number) as [number, number];

describe("resizing", () => {
  it.each([...torch.keys()].filter((name) => !/^(input|lanczos)/.test(name)))("%s as torch", (name) => {
    const input = planesOf(torch, "input.latent");
    const resize = resizeMethods[name.split(".")[0] as ResizeMethod];
    const expected = planesOf(torch, name);
    const actual = resize(input, ...size(name));
    expect(actual.shape).toEqual(expected.shape);
    expect(maxDifference(actual.data, expected.data)).toBeLessThan(name.startsWith("bicubic") ? 3e-6 : 1e-6);
    expect(resize(toChannelsLast(input), ...size(name))).toEqual(toChannelsLast(actual));
  });

  it.each([...torch.keys()].filter((name) => name.startsWith("lanczos.")))("%s as Pillow, bit by bit", (name) => {
    const input = planesOf(torch, `input.${name.split(".")[1]}`);
    const actual = resizeMethods.lanczos(input, ...size(name));
    expect(actual).toEqual(planesOf(torch, name));
    expect(resizeMethods.lanczos(toChannelsLast(input), ...size(name))).toEqual(toChannelsLast(actual));
  });

  it.each([...comfy.keys()].filter((name) => name !== "input"))("%s as ComfyUI", (name) => {
    const input = planesOf(comfy, "input");
    const [method = ""] = name.split(".");
    const crop = name.includes("center") ? "center" : "disabled";
    const actual = upscale(input, ...size(name), method, crop);
    expect(maxDifference(actual.data, comfy.get(name)!.data)).toBeLessThan(method === "bislerp" ? 3e-5 : 1e-6);
    expect(upscale(toChannelsLast(input), ...size(name), method, crop)).toEqual(toChannelsLast(actual));
  });

  it("keeps a picture of one colour, whatever the sizes", () => {
    const side = fc.integer({ min: 1, max: 30 });
    const method = fc.constantFrom(...(Object.keys(resizeMethods) as ResizeMethod[]));
    fc.assert(
      fc.property(side, side, side, side, method, (height, width, newHeight, newWidth, name) => {
        const colour = [0.2, 0.4, 0.6] as const;
        const data = Float32Array.from({ length: height * width * 3 }, (_, i) => colour[i % 3]!);
        const resized = upscale({ data, shape: [1, height, width, 3], channels: "last" }, newHeight, newWidth, name);
        expect(resized.shape).toEqual([1, newHeight, newWidth, 3]);
        expect(
          maxDifference(
            resized.data,
            resized.data.map((_, i) => colour[i % 3]!),
          ),
        ).toBeLessThan(1e-5);
      }),
    );
  });

  const tiny: Planes = { data: new Float32Array(4), shape: [1, 1, 2, 2] };
  it.each([
    ["a size of nothing", () => upscale(tiny, 0, 3, "area")],
    ["half a pixel", () => upscale(tiny, 1.5, 3, "area")],
    ["a huge size", () => upscale(tiny, 1e9, 3, "area")],
    ["a size that isn't the data's", () => upscale({ ...tiny, shape: [1, 1, 2, 3] }, 2, 2, "area")],
    ["an unknown method", () => upscale(tiny, 2, 2, "constructor")],
    ["two channels as a picture", () => upscale({ data: new Float32Array(2), shape: [1, 2, 1, 1] }, 2, 2, "lanczos")],
    ["a cut outside", () => cropPlanes(tiny, 1, 1, 2, 1)],
  ])("refuses %s", (_, act) => {
    expect(act).toThrow(expect.objectContaining({ code: "MODEL_RESAMPLE" }));
  });
});

describe("cropToProportions", () => {
  it.each(crops)("%i×%i for %i×%i: (%i, %i) %i×%i", (oldHeight, oldWidth, newHeight, newWidth, y, x, height, width) => {
    const data = Float32Array.from({ length: oldHeight! * oldWidth! }, (_, i) => i);
    const cropped = cropToProportions({ data, shape: [1, 1, oldHeight!, oldWidth!] }, newHeight!, newWidth!);
    expect([cropped.shape[2], cropped.shape[3], cropped.data[0]]).toEqual([height, width, y! * oldWidth! + x!]);
  });
});

describe("roundHalfEven", () => {
  it.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, 0],
    [-1.5, -2],
    [2.4999, 2],
    [7, 7],
  ])("%d → %d", (value, rounded) => {
    expect(roundHalfEven(value) + 0).toBe(rounded);
  });
});
