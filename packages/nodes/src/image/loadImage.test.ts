import { copyFileSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { nodeFiles } from "../files/nodeFiles.js";
import { testContext } from "../testing/testContext.js";
import type { ImageValue, MaskValue } from "../values.js";
import { loadImage } from "./loadImage.js";
import { loadImageMask } from "./loadImageMask.js";
import { saveImage } from "./saveImage.js";

const pictures = new URL("../testing/pictures/", import.meta.url);
const context = testContext();
for (const name of readdirSync(pictures)) copyFileSync(new URL(name, pictures), join(context.inputDir, name));

async function load(image: string): Promise<{ image: ImageValue; mask: MaskValue }> {
  const [picture, mask] = await loadImage.run({ image }, context);
  return { image: picture as ImageValue, mask: mask as MaskValue };
}

function put(name: string, bytes: Uint8Array): void {
  writeFileSync(join(context.inputDir, name), bytes);
}

describe("loadImage", () => {
  it("reads RGB as v/255 and gives an empty mask of 64×64", async () => {
    const { image, mask } = await load("small20.png");
    const { data } = await sharp(readFileSync(new URL("small20.png", pictures)))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(image).toMatchObject({ batch: 1, height: 14, width: 20, channels: 3 });
    expect(image.data).toEqual(Float32Array.from(data, (value) => value / 255));
    expect(mask).toEqual({ data: new Float32Array(64 * 64), batch: 1, height: 64, width: 64 });
  });

  it("reads alpha as a mask of 1 - alpha and leaves the colours as they are stored", async () => {
    put(
      "alpha.png",
      await sharp(Uint8Array.of(200, 100, 50, 0, 10, 20, 30, 64), { raw: { width: 2, height: 1, channels: 4 } })
        .png()
        .toBuffer(),
    );
    const { image, mask } = await load("alpha.png");
    expect([...image.data].map((value) => Math.round(value * 255))).toEqual([200, 100, 50, 10, 20, 30]);
    expect(mask.data).toEqual(Float32Array.of(1, 1 - Math.fround(64 / 255)));
    expect(mask).toMatchObject({ batch: 1, height: 1, width: 2 });
  });

  it("keeps the precision of 16 bits", async () => {
    const values = Uint16Array.of(0, 1, 256, 65535);
    const grey = sharp(values, { raw: { width: 4, height: 1, channels: 1 } }).toColourspace("grey16");
    put("wide.png", await grey.png().toBuffer());
    const { image } = await load("wide.png");
    expect([...image.data].filter((_, i) => i % 3 === 0)).toEqual([...values].map((value) => Math.fround(value / 65535)));
    const golden = (await load("gray16.png")).image;
    expect(new Set(golden.data).size).toBeGreaterThan(256);
  });

  it("reads 8-bit grey as ComfyUI does: white is 65280 / 65535", async () => {
    put(
      "grey.png",
      await sharp(Uint8Array.of(0, 100, 255), { raw: { width: 3, height: 1, channels: 1 } })
        .toColourspace("b-w")
        .png()
        .toBuffer(),
    );
    const { image } = await load("grey.png");
    expect([...image.data].filter((_, i) => i % 3 === 0)).toEqual([0, Math.fround(25600 / 65535), Math.fround(65280 / 65535)]);
  });

  it("widens palettes and single bits", async () => {
    for (const name of ["palette32.png", "onebit32.png", "la32.png"]) {
      const { image } = await load(name);
      expect(image).toMatchObject({ height: 32, width: 32, channels: 3 });
    }
    expect(new Set((await load("onebit32.png")).image.data)).toEqual(new Set([0, 1]));
    expect(new Set((await load("palette32.png")).image.data).size).toBeGreaterThan(4);
  });

  it("reads JPEG upright by its EXIF orientation, WebP, and a GIF's first frame", async () => {
    const wide = sharp({ create: { width: 32, height: 16, channels: 3, background: { r: 255, g: 0, b: 0 } } });
    put("turned.jpg", await wide.clone().jpeg().withMetadata({ orientation: 6 }).toBuffer());
    expect((await load("turned.jpg")).image).toMatchObject({ height: 32, width: 16, channels: 3 });
    put("red.webp", await wide.clone().webp({ lossless: true }).toBuffer());
    expect([...(await load("red.webp")).image.data.subarray(0, 3)]).toEqual([1, 0, 0]);
    const frames = Uint8Array.from({ length: 2 * 4 * 3 }, (_, i) => (i < 12 ? 255 : 0));
    put(
      "two.gif",
      await sharp(frames, { raw: { width: 2, height: 4, channels: 3, pageHeight: 2 } })
        .gif()
        .toBuffer(),
    );
    const { image } = await load("two.gif");
    expect(image).toMatchObject({ batch: 1, height: 2, width: 2 });
    expect(Math.min(...image.data)).toBe(1);
  });

  it("gives a saved picture back", async () => {
    const images: ImageValue = {
      data: Float32Array.from({ length: 27 }, (_, i) => (i * 9) / 255),
      batch: 1,
      height: 3,
      width: 3,
      channels: 3,
    };
    await saveImage.run({ images, filename_prefix: "back" }, context);
    const { image } = await load("back_00001_.png [output]");
    expect(image.data).toEqual(images.data);
  });

  it.each([
    ["../x.png", "FILE_OUTSIDE"],
    ["/etc/passwd", "FILE_OUTSIDE"],
    ["none.png", "FILE_NOT_FOUND"],
    ["none.png [temp]", "FILE_NOT_FOUND"],
    ["a\0.png", "FILE_NAME"],
  ])("refuses %j with %s", async (name, code) => {
    await expect(load(name)).rejects.toMatchObject({ code });
    const { problems } = await nodeFiles(loadImage, { image: name }, context);
    expect(problems).toMatchObject([{ input: "image", error: { code } }]);
  });

  it("refuses a link that leaves the folder", async () => {
    symlinkSync("/etc/hostname", join(context.inputDir, "link.png"));
    await expect(load("link.png")).rejects.toMatchObject({ code: "FILE_OUTSIDE" });
  });

  it("refuses what is no picture, cut short, of another format or too large", async () => {
    const png = readFileSync(new URL("small20.png", pictures));
    put("text.png", Buffer.from("hello"));
    put("empty.png", new Uint8Array(0));
    put("short.png", png.subarray(0, png.length - 40));
    put("drawing.png", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'));
    for (const name of ["text.png", "empty.png", "short.png", "drawing.png"])
      await expect(load(name), name).rejects.toMatchObject({ code: "FILE_IMAGE_INVALID" });
    put("bomb.png", bomb(png, 60_000));
    const started = performance.now();
    await expect(load("bomb.png")).rejects.toMatchObject({ code: "FILE_IMAGE_TOO_LARGE" });
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe("loadImageMask", () => {
  it("reads one channel, and alpha turned around", async () => {
    put(
      "one.png",
      await sharp(Uint8Array.of(255, 128, 0, 64), { raw: { width: 1, height: 1, channels: 4 } })
        .png()
        .toBuffer(),
    );
    const value = async (image: string, channel: string): Promise<number[]> => [
      ...((await loadImageMask.run({ image, channel }, context))[0] as MaskValue).data,
    ];
    expect(await value("one.png", "red")).toEqual([1]);
    expect(await value("one.png", "green")).toEqual([Math.fround(128 / 255)]);
    expect(await value("one.png", "blue")).toEqual([0]);
    expect(await value("one.png", "alpha")).toEqual([Math.fround(1 - Math.fround(64 / 255))]);
    expect(new Set(await value("small20.png", "alpha"))).toEqual(new Set([0]));
  });
});

/** The same PNG claiming to be `side`×`side`: what decodes it by its word takes gigabytes. */
function bomb(png: Buffer, side: number): Buffer {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(side, 16);
  bytes.writeUInt32BE(side, 20);
  let crc = ~0;
  for (const byte of bytes.subarray(12, 29)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  bytes.writeInt32BE(~crc, 29);
  return bytes;
}
