import fc from "fast-check";
import { expect, it } from "vitest";
import type { FlowNode } from "./flowModel.js";
import { mapOf } from "./paintMinimap.js";

const node = (x: number, y: number, width: number, height: number): FlowNode => ({
  id: "1",
  type: "card",
  position: { x, y },
  width,
  height,
  data: { id: "1" },
});

it("puts every node on the map, centred", () => {
  const place = fc.tuple(
    fc.integer({ min: -9000, max: 9000 }),
    fc.integer({ min: -9000, max: 9000 }),
    fc.integer({ min: 1, max: 900 }),
    fc.integer({ min: 1, max: 900 }),
  );
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 20 }), (places) => {
      const { left, top, scale } = mapOf(
        places.map((at) => node(...at)),
        { width: 200, height: 100 },
      );
      for (const [x, y, width, height] of places) {
        expect((x - left) * scale).toBeGreaterThanOrEqual(7.99);
        expect((x + width - left) * scale).toBeLessThanOrEqual(192.01);
        expect((y - top) * scale).toBeGreaterThanOrEqual(7.99);
        expect((y + height - top) * scale).toBeLessThanOrEqual(92.01);
      }
    }),
  );
});

it("has a map for nothing", () => {
  expect(mapOf([], { width: 200, height: 100 }).scale).toBeGreaterThan(0);
});
