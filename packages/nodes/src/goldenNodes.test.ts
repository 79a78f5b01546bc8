import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openWeights, type WeightStore } from "@patchbay/models";
import { beforeAll, describe, expect, test } from "vitest";
import { nodesByType } from "./catalog.js";
import { difference, runNode } from "./testing/runNode.js";
import type { ImageValue, LatentValue } from "./values.js";

interface Case {
  readonly name: string;
  readonly node: string;
  /** "$name" is the tensor "in.name". */
  readonly inputs: Readonly<Record<string, unknown>>;
}

const folder = new URL("testing/golden/", import.meta.url);
const cases = JSON.parse(readFileSync(new URL("nodes.json", folder), "utf8")) as Case[];

/** Resampling and blurs add up in another order than PyTorch; the lanczos of Pillow works with bytes. */
const TOLERANCE = new Map([
  ["ImageBlur", 1e-6],
  ["ImageSharpen", 3e-6],
  ["PorterDuffImageComposite", 2e-5],
  ["ResizeAndPadImage", 1 / 255],
]);

let tensors: WeightStore;
beforeAll(async () => {
  tensors = await openWeights(fileURLToPath(new URL("nodes.safetensors", folder)));
});

async function valueOf(name: string): Promise<unknown> {
  const [data, shape] = [await tensors.read(`in.${name}`), tensors.shape(`in.${name}`)];
  if (name.toLowerCase().includes("latent")) return { samples: data, shape };
  const [batch, height, width, channels] = shape;
  return { data, batch, height, width, ...(channels !== undefined && { channels }) };
}

/** Nodes as ComfyUI runs them: tools/reference/nodes.py. */
describe("gives what ComfyUI gives", () => {
  test.each(cases.map((each) => [each.name, each] as const))("%s", async (name, { node, inputs }) => {
    const given = await Promise.all(
      Object.entries(inputs).map(async ([key, value]) => {
        const isTensor = typeof value === "string" && value.startsWith("$");
        return [key, isTensor ? await valueOf(value.slice(1)) : value] as const;
      }),
    );
    const results = await runNode(nodesByType.get(node)!, Object.fromEntries(given));
    const compared = results.filter((_, slot) => tensors.has(`${name}.${slot}`)) as (ImageValue | LatentValue)[];
    expect(compared.length).toBeGreaterThan(0);
    for (const [slot, result] of compared.entries()) {
      const [data, shape] =
        "samples" in result
          ? [result.samples, result.shape]
          : [result.data, [result.batch, result.height, result.width, ...("channels" in result ? [result.channels] : [])]];
      expect(shape).toEqual(tensors.shape(`${name}.${slot}`));
      expect(difference(data, await tensors.read(`${name}.${slot}`))).toBeLessThanOrEqual(TOLERANCE.get(node) ?? 1e-6);
    }
  });
});
