import fc from "fast-check";
import sharp from "sharp";
import { expect, it } from "vitest";
import { encodeSmallPng } from "./encodeSmallPng.js";

it("writes what another decoder reads, to the pixel", async () => {
  const pixels = fc
    .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.constantFrom(1 as const, 3 as const, 4 as const))
    .chain(([width, height, channels]) => {
      const length = width * height * channels;
      return fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        channels: fc.constant(channels),
        bytes: fc.uint8Array({ minLength: length, maxLength: length }),
      });
    });
  await fc.assert(
    fc.asyncProperty(pixels, fc.integer({ min: 0, max: 9 }), async (given, compression) => {
      const { data, info } = await sharp(encodeSmallPng(given, compression)).raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height]).toEqual([given.width, given.height]);
      // sharp gives grey back as RGB where it must; each of its channels is the grey.
      const step = info.channels / given.channels;
      expect(info.channels === given.channels || given.channels === 1).toBe(true);
      for (let i = 0; i < given.bytes.length; i++) expect(data[i * step]).toBe(given.bytes[i]);
    }),
    { numRuns: 60 },
  );
});
