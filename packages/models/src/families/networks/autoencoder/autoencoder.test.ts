import { toChannelsFirst, toChannelsLast, WeightScope } from "@patchbay/engine";
import { describe, expect, test } from "vitest";
import { expectNetwork } from "../../testing/expectNetwork.js";
import { indexOf, readGoldenNetwork, renamed } from "../../testing/goldenNetwork.js";
import { readAutoencoderConfig } from "./autoencoderConfig.js";
import { decodeLatent } from "./decoder.js";
import { originalAutoencoderName } from "./diffusersAutoencoderNames.js";
import { encodeLatent } from "./encoder.js";

describe("autoencoder", () => {
  test.each(["autoencoder", "autoencoder-odd"])("gives what diffusers gives: %s", async (name) => {
    const golden = readGoldenNetwork(name);
    const weights = renamed(golden.weights, originalAutoencoderName(indexOf(golden.weights)));
    const config = readAutoencoderConfig(indexOf(weights));
    const scope = new WeightScope(weights);
    await expectNetwork(
      ({ image }) => ({ latent: toChannelsFirst(encodeLatent(toChannelsLast(image!), config, scope)) }),
      { image: golden.tensor("image") },
      { latent: golden.tensor("latent") },
    );
    await expectNetwork(
      ({ latent }) => ({ decoded: toChannelsFirst(decodeLatent(toChannelsLast(latent!), config, scope)) }),
      { latent: golden.tensor("latent") },
      { decoded: golden.tensor("decoded") },
    );
  });

  test("reads sizes from the tensors", () => {
    const { weights } = readGoldenNetwork("autoencoder-odd");
    const names = renamed(weights, originalAutoencoderName(indexOf(weights)));
    expect(readAutoencoderConfig(indexOf(names))).toEqual({
      imageChannels: 3,
      latentChannels: 4,
      widths: [32, 32, 64],
      encoderBlocks: [2, 2, 2],
      decoderBlocks: [3, 3, 3],
      scale: 4,
    });
  });

  test("knows the older names of attention", () => {
    const rename = originalAutoencoderName(indexOf(new Map()));
    expect(rename("decoder.mid_block.attentions.0.query.weight")).toBe("decoder.mid.attn_1.q.weight");
    expect(rename("encoder.mid_block.attentions.0.proj_attn.bias")).toBe("encoder.mid.attn_1.proj_out.bias");
  });
});
