import { describe, expect, it } from "vitest";
import { difference, imageFrom, picture } from "../../testing/runNode.js";
import { imageBatch } from "./imageBatch.js";
import { imageFromBatch } from "./imageFromBatch.js";
import { repeatImageBatch } from "./repeatImageBatch.js";

describe("ImageBatch", () => {
  it("gives the second pictures the first ones' size and channels", async () => {
    const image1 = picture([0.1, 0.2, 0.3, 0.4], 2, 2);
    const image2 = picture(
      Array.from({ length: 3 * 8 * 4 }, () => 0.5),
      3,
      8,
      4,
    );
    const joined = await imageFrom(imageBatch, { image1, image2 });
    expect(joined).toMatchObject({ batch: 2, height: 2, width: 2, channels: 4 });
    expect(difference(joined.data.subarray(0, 8), [0.1, 0.1, 0.1, 1, 0.2, 0.2, 0.2, 1])).toBeLessThan(1e-6);
    expect(difference(joined.data.subarray(16), new Float32Array(16).fill(0.5))).toBeLessThan(1e-6);
  });
});

describe("RepeatImageBatch and ImageFromBatch", () => {
  it("repeat and take", async () => {
    const image = picture([1, 2, 3], 1, 1);
    expect([...(await imageFrom(repeatImageBatch, { image, amount: 2 })).data]).toEqual([1, 2, 3, 1, 2, 3]);
    expect(await imageFrom(imageFromBatch, { image, batch_index: 1, length: 9 })).toEqual(picture([2, 3], 1, 1));
  });

  it("refuse what cannot fit", async () => {
    const image = { data: new Float32Array(2 ** 20), batch: 1, height: 1024, width: 1024, channels: 1 };
    await expect(imageFrom(repeatImageBatch, { image, amount: 4096 })).rejects.toMatchObject({ code: "NODE_TOO_LARGE" });
  });
});
