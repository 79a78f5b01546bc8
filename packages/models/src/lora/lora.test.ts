import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Weight } from "@patchbay/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DiffusionDefinition, TextDefinition } from "../families/family.js";
import { relativeError } from "../testing/goldenTensors.js";
import { stream } from "../families/testing/goldenNetwork.js";
import { writeSafetensors } from "../weights/index.js";
import { readLora, type LoraFile } from "./loraFile.js";
import { loraTargets, type LoraTarget } from "./loraTargets.js";
import { mergeUpdates, misfit } from "./mergeUpdate.js";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "patchbay-lora-"))));
afterAll(async () => rm(folder, { recursive: true }));

let files = 0;
async function lora(shapes: Readonly<Record<string, readonly number[]>>): Promise<LoraFile> {
  const path = join(folder, `${files++}.safetensors`);
  const tensors = Object.entries(shapes).map(
    ([name, shape]) => [name, { dtype: "F32" as const, shape, data: stream(name, shape) }] as const,
  );
  await writeFile(path, writeSafetensors(Object.fromEntries(tensors)));
  return readLora(path);
}

const diffusion = {
  moduleNames: () => [
    ["input_blocks.1.1.transformer_blocks.0.attn1.to_q", "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"],
    ["input_blocks.1.1.transformer_blocks.0.attn1.to_out.0", "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_out.0"],
    ["input_blocks.0.0", "conv_in"],
  ],
} as unknown as DiffusionDefinition;
const textOf = (naming: string): TextDefinition => ({ config: { naming, layers: 2, width: 64 } }) as unknown as TextDefinition;

describe("names", () => {
  const Q = "input_blocks.1.1.transformer_blocks.0.attn1.to_q.weight";
  const OUT = "input_blocks.1.1.transformer_blocks.0.attn1.to_out.0.weight";
  const find = loraTargets(diffusion, textOf("transformers"));

  test.each([
    ["lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q", Q],
    ["lora_unet_input_blocks_1_1_transformer_blocks_0_attn1_to_q", Q],
    ["unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q", Q],
    ["unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.processor.to_q", Q],
    ["unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.processor.to_out", OUT],
    ["base_model.model.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_out.0", OUT],
    ["diffusion_model.input_blocks.1.1.transformer_blocks.0.attn1.to_q", Q],
    ["lora_unet_conv_in", "input_blocks.0.0.weight"],
    ["lora_te_text_model_encoder_layers_1_mlp_fc1", "encoder.layers.1.mlp.fc1.weight"],
    ["text_encoder.text_model.encoder.layers.0.self_attn.q_proj", "encoder.layers.0.self_attn.q_proj.weight"],
    ["lora_te_text_model_encoder_layers_2_mlp_fc1", undefined],
    ["lora_unet_nothing", undefined],
  ])("%s", (name, weight) => {
    expect(find(name)?.weight).toBe(weight);
  });

  test("OpenCLIP keeps q, k and v in rows of one matrix", () => {
    const open = loraTargets(undefined, textOf("openClip"));
    expect(open("lora_te_text_model_encoder_layers_1_self_attn_k_proj")).toEqual({
      part: "clip",
      weight: "transformer.resblocks.1.attn.in_proj_weight",
      rows: { start: 64, count: 64 },
    });
  });

  test("every way to name the factors is read, what isn't understood is reported", async () => {
    const file = await lora({
      "a.lora_up.weight": [4, 2],
      "a.lora_down.weight": [2, 4],
      "a.alpha": [],
      "b_lora.up.weight": [4, 2],
      "b_lora.down.weight": [2, 4],
      "c.lora_linear_layer.up.weight": [4, 2],
      "c.lora_linear_layer.down.weight": [2, 4],
      "d.lora_B.default.weight": [4, 2],
      "d.lora_A.default.weight": [2, 4],
      "e.lora_B": [4, 2],
      "e.lora_A": [2, 4],
      "half.lora_up.weight": [4, 2],
      "dora.lora_up.weight": [4, 2],
      "dora.lora_down.weight": [2, 4],
      "dora.dora_scale": [1, 4],
      "loha.hada_w1_a": [4, 2],
    });
    expect([...file.modules.keys()]).toEqual(["a", "b", "c", "d", "e"]);
    expect(file.modules.get("a")!.alpha).toBeCloseTo(stream("a.alpha", [])[0]!, 6);
    expect([...file.unread].sort()).toEqual([
      "dora.dora_scale",
      "dora.lora_down.weight",
      "dora.lora_up.weight",
      "half.lora_up.weight",
      "loha.hada_w1_a",
    ]);
  });
});

describe("merging", () => {
  const target: LoraTarget = { part: "model", weight: "w" };
  const weightOf = (shape: readonly number[]): Weight => Weight.inMemory("w", stream("base.weight", shape), "f32", shape);

  /** W + scale · up · down, plainly. */
  function plain(base: Float32Array, up: Float32Array, down: Float32Array, rank: number, scale: number): Float32Array {
    const rows = up.length / rank;
    const columns = down.length / rank;
    return base.map((value, i) => {
      let sum = 0;
      for (let r = 0; r < rank; r++) sum += up[Math.floor(i / columns) * rank + r]! * down[r * columns + (i % columns)]!;
      return value + (i < rows * columns ? scale * sum : 0);
    });
  }

  test("a matrix and a convolution, with alpha and without", async () => {
    for (const [shape, alpha] of [
      [[6, 5], false],
      [[6, 5, 3, 3], true],
    ] as const) {
      const conv = shape.length === 4 ? shape.slice(2) : [];
      const file = await lora({
        "m.lora_up.weight": [6, 2, ...conv.map(() => 1)],
        "m.lora_down.weight": [2, 5, ...conv],
        ...(alpha && { "m.alpha": [] }),
      });
      const module = file.modules.get("m")!;
      const base = weightOf(shape);
      expect(misfit(file, module, shape, undefined)).toBeUndefined();
      const merged = await mergeUpdates(base, [{ file, module, target, strength: 0.7 }]);
      const scale = 0.7 * (alpha ? module.alpha! / 2 : 1);
      const expected = plain(base.read(), await file.store.read(module.up), await file.store.read(module.down), 2, scale);
      expect(merged.shape).toEqual(shape);
      expect(relativeError(merged.read(), expected)).toBeLessThan(1e-6);
    }
  });

  test("a decomposed convolution is the convolutions one after the other", async () => {
    const file = await lora({ "m.lora_up.weight": [6, 2, 1, 1], "m.lora_mid.weight": [2, 3, 3, 3], "m.lora_down.weight": [3, 5, 1, 1] });
    const module = file.modules.get("m")!;
    const base = weightOf([6, 5, 3, 3]);
    const merged = (await mergeUpdates(base, [{ file, module, target, strength: 1 }])).read();
    const [up, mid, down] = [await file.store.read(module.up), await file.store.read(module.mid!), await file.store.read(module.down)];
    const expected = base.read().map((value, at) => {
      const [o, i, tap] = [Math.floor(at / 45), Math.floor(at / 9) % 5, at % 9];
      let sum = value;
      for (let a = 0; a < 2; a++) for (let b = 0; b < 3; b++) sum += up[o * 2 + a]! * mid[(a * 3 + b) * 9 + tap]! * down[b * 5 + i]!;
      return sum;
    });
    expect(relativeError(merged, expected)).toBeLessThan(1e-6);
  });

  test("rows of a joined matrix change alone", async () => {
    const file = await lora({ "m.lora_up.weight": [4, 2], "m.lora_down.weight": [2, 5] });
    const module = file.modules.get("m")!;
    const base = weightOf([12, 5]);
    const rows = { start: 4, count: 4 };
    const merged = (await mergeUpdates(base, [{ file, module, target: { ...target, rows }, strength: 1 }])).read();
    const before = base.read();
    expect(merged.subarray(0, 20)).toEqual(before.subarray(0, 20));
    expect(merged.subarray(40)).toEqual(before.subarray(40));
    const expected = plain(before.slice(20, 40), await file.store.read(module.up), await file.store.read(module.down), 2, 1);
    expect(relativeError(merged.slice(20, 40), expected)).toBeLessThan(1e-6);
  });

  test("factors of another size don't fit", async () => {
    const file = await lora({ "m.lora_up.weight": [4, 2], "m.lora_down.weight": [2, 5] });
    const module = file.modules.get("m")!;
    expect(misfit(file, module, [4, 6], undefined)).toMatch(/doesn't make/);
    expect(misfit(file, module, [5, 5], undefined)).toMatch(/doesn't make/);
    expect(misfit(file, module, [4, 5], undefined)).toBeUndefined();
  });
});
