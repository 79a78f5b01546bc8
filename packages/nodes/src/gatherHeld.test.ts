import { describe, expect, it } from "vitest";
import { gatherHeld, type Holding } from "./gatherHeld.js";

describe("gatherHeld", () => {
  it("finds arrays and parts of models, each once", () => {
    const data = new Float32Array(4);
    const weights: Holding = { bytes: 8, dispose: () => undefined };
    const network: Holding = { bytes: 8, dispose: () => undefined };
    const image = { data, batch: 1 };
    const latent = { samples: data.subarray(2), shape: [1, 1, 1, 2], noiseMask: { data: new Float32Array(1) } };
    const conditioning = [{ tokens: { data: new Float32Array(2) } }];
    const held = gatherHeld([
      [image],
      [latent],
      [{ holdings: [network, weights] }, { holdings: [weights] }],
      [conditioning],
      [1, "text", null, undefined],
    ]);
    expect(held).toHaveLength(5);
    expect(new Set(held)).toEqual(
      new Set([data.buffer, latent.noiseMask.data.buffer, network, weights, conditioning[0]!.tokens.data.buffer]),
    );
  });

  it("comes back from values that hold themselves", () => {
    const value: Record<string, unknown> = { data: new Uint8Array(1) };
    value["self"] = value;
    expect(gatherHeld(value)).toHaveLength(1);
  });
});
