import { emptyDocument, type JsonValue } from "@patchbay/graph";
import { comfyNodes } from "@patchbay/graph/comfy-nodes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cardOf } from "../document/cardLayout.js";
import { addNodeOf } from "../document/graphEdits/addNodeOf.js";
import { applyOperations } from "../document/operation.js";
import { cardGeometry, headerHeight, type CardContent, type CardGeometry } from "./cardGeometry.js";

const catalog = comfyNodes();
const bare: CardContent = { picture: null, well: false };

function geometryOf(
  type: string,
  options: { content?: CardContent; size?: [number, number]; inputs?: Record<string, JsonValue>; collapsed?: boolean } = {},
): CardGeometry {
  const { document } = applyOperations(emptyDocument(), addNodeOf(emptyDocument(), catalog, type, [0, 0]));
  const made = document.nodes["1"]!;
  const node = {
    ...made,
    inputs: { ...made.inputs, ...options.inputs },
    ...(options.size && { size: options.size }),
    ...(options.collapsed && { flags: { collapsed: true } }),
  };
  return cardGeometry(cardOf({ ...document, nodes: { 1: node } }, catalog, "1"), node, options.content ?? bare);
}

describe("a card's geometry", () => {
  it("puts rows below each other, none over another, all within the card", () => {
    for (const type of ["KSampler", "CLIPTextEncode", "LoadImage", "SaveImage", "EmptyLatentImage", "VAEDecode"]) {
      const { fields, height, inputs, outputs } = geometryOf(type);
      let bottom = headerHeight;
      for (const field of fields) {
        expect(field.y, type).toBeGreaterThanOrEqual(bottom);
        bottom = field.y + field.height;
      }
      expect(height, type).toBeGreaterThanOrEqual(bottom);
      for (const y of [...inputs.values(), ...outputs.values()]) expect(y > headerHeight && y < height, type).toBe(true);
    }
  });

  it("is no higher than ComfyUI's card of the same node, title bar included", () => {
    // Sizes of ComfyUI's own default graph, without the 30 of its title bars.
    for (const [type, [width, height]] of [
      ["KSampler", [315, 262]],
      ["EmptyLatentImage", [315, 106]],
      ["CheckpointLoaderSimple", [315, 98]],
      ["VAEDecode", [210, 46]],
    ] as const)
      expect(geometryOf(type, { size: [width, height] }).height, type).toBeLessThanOrEqual(height + 30);
  });

  it("shows a picture in its proportions over the whole width", () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 2048 }), fc.integer({ min: 16, max: 2048 }), (width, height) => {
        const geometry = geometryOf("SaveImage", { content: { picture: { width, height }, well: true } });
        const shown = geometry.picture!;
        expect(shown.y + shown.height).toBeLessThan(geometry.height);
        const exact = ((geometry.width - 2) * height) / width;
        if (exact >= 24 && exact <= 1600) expect(Math.abs(shown.height - exact)).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  it("grows with a prompt up to a limit", () => {
    const heightFor = (text: string): number => geometryOf("CLIPTextEncode", { inputs: { text } }).height;
    expect(heightFor("a ".repeat(300))).toBeGreaterThan(heightFor("short"));
    expect(heightFor("a ".repeat(3000))).toBe(heightFor("a ".repeat(9000)));
  });

  it("is as high as it was laid out, however long its text", () => {
    for (const text of ["short", "a ".repeat(3000)])
      for (const height of [150, 500])
        expect(geometryOf("CLIPTextEncode", { size: [400, height], inputs: { text } }).height).toBe(height + headerHeight);
  });

  it("is its header alone when collapsed, with every socket on it", () => {
    const { height, inputs, fields } = geometryOf("KSampler", { collapsed: true });
    expect(height).toBe(headerHeight);
    expect(fields).toEqual([]);
    expect([...inputs.values()].every((y) => y === headerHeight / 2)).toBe(true);
    expect(inputs.size).toBeGreaterThan(8);
  });
});
