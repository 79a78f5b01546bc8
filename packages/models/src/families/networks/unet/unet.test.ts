import { WeightScope } from "@patchbay/engine";
import { describe, expect, test } from "vitest";
import { discreteSampling } from "../../../schedules/index.js";
import { stableDiffusion1 } from "../../stableDiffusion1/stableDiffusion1.js";
import { stableDiffusion2 } from "../../stableDiffusion2/stableDiffusion2.js";
import { expectNetwork } from "../../testing/expectNetwork.js";
import { indexOf, readGoldenNetwork, renamed } from "../../testing/goldenNetwork.js";
import { levelsOf, levelsOfDiffusers, originalUnetName } from "./diffusersUnetNames.js";
import { timestepEmbedding } from "./timestepEmbedding.js";
import { readUnetConfig } from "./unetConfig.js";
import { unetDiffusion } from "./unetDiffusion.js";

const sampling = discreteSampling();

describe("UNet", () => {
  test.each([
    ["unet-sd1", stableDiffusion1, () => 8],
    ["unet-sd1-odd", stableDiffusion1, () => 8],
    ["unet-sd2", stableDiffusion2, (channels: number) => channels / 64],
    ["unet-sd2-odd", stableDiffusion2, (channels: number) => channels / 64],
  ] as const)("gives what diffusers gives: %s", async (name, family, heads) => {
    const golden = readGoldenNetwork(name);
    const weights = renamed(golden.weights, originalUnetName(indexOf(golden.weights)));
    expect(weights.size).toBe(golden.weights.size);
    const index = indexOf(weights);
    expect([stableDiffusion1, stableDiffusion2].filter((each) => each.detect(index))).toEqual([family]);
    expect(levelsOf(readUnetConfig(index))).toEqual(levelsOfDiffusers(indexOf(golden.weights)));
    const definition = unetDiffusion(index, { heads, sampling });
    const inputs = definition.inputs({
      x: golden.tensor("x"),
      timestep: golden.tensor("timestep").data[0]!,
      context: golden.tensor("context"),
    });
    await expectNetwork(definition.build(new WeightScope(weights)), inputs, { output: golden.tensor("output") });
  });

  test("reads sizes from the tensors", () => {
    const golden = readGoldenNetwork("unet-sd1-odd");
    const config = readUnetConfig(indexOf(renamed(golden.weights, originalUnetName(indexOf(golden.weights)))));
    expect(config).toMatchObject({ inChannels: 4, outChannels: 4, modelChannels: 32, contextWidth: 40, linearProjection: false });
    expect(config.inputBlocks[3]!.parts).toEqual([{ kind: "downsample", path: "input_blocks.3.0" }]);
    expect(config.outputBlocks[5]!.parts.map(({ kind }) => kind)).toEqual(["resBlock", "transformer", "upsample"]);
  });

  test.each([
    ["a block that is missing", (name: string) => (name.startsWith("middle_block.") ? undefined : name)],
    ["a part that is none", (name: string) => name.replace("input_blocks.1.0.in_layers.2", "input_blocks.1.0.other")],
    ["an output block too few", (name: string) => (name.startsWith("output_blocks.3.") ? undefined : name)],
  ])("refuses %s", (_what, rename) => {
    const golden = readGoldenNetwork("unet-sd1");
    const weights = renamed(golden.weights, originalUnetName(indexOf(golden.weights)));
    expect(() => readUnetConfig(indexOf(renamed(weights, rename)))).toThrowError(expect.objectContaining({ code: "MODEL_LAYOUT" }));
  });
});

test("the timestep embedding begins with cosines and ends an odd width with 0", () => {
  const embedded = timestepEmbedding([0, 10], 5);
  expect([...embedded.subarray(0, 5)]).toEqual([1, 1, 0, 0, 0]);
  expect(embedded[5]).toBeCloseTo(Math.cos(10), 6);
  expect(embedded[6]).toBeCloseTo(Math.cos(0.1), 6);
  expect(embedded[8]).toBeCloseTo(Math.sin(0.1), 6);
});
