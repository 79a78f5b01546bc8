import { Weight, WeightScope } from "@patchbay/engine";
import { describe, expect, test } from "vitest";
import { expectNetwork } from "../../testing/expectNetwork.js";
import { indexOf, readGoldenNetwork, stream, type GoldenNetwork } from "../../testing/goldenNetwork.js";
import { clipText } from "./clipText.js";
import { readClipTextConfig } from "./clipTextConfig.js";

/** The weights under OpenCLIP's names: q, k and v joined, everything else renamed. */
function asOpenClip(weights: ReadonlyMap<string, Weight>): Map<string, Weight> {
  const out = new Map<string, Weight>();
  for (const [name, weight] of weights) {
    const projection = /^encoder\.layers\.(\d+)\.self_attn\.([qkv])_proj\.(weight|bias)$/.exec(name);
    if (projection) {
      const [, layer, part, kind] = projection;
      if (part !== "q") continue;
      const joined = new Float32Array(weight.elements * 3);
      ["q", "k", "v"].forEach((each, at) => {
        joined.set(weights.get(`encoder.layers.${layer}.self_attn.${each}_proj.${kind}`)!.read(), at * weight.elements);
      });
      const joinedName = `transformer.resblocks.${layer}.attn.in_proj_${kind}`;
      out.set(joinedName, Weight.inMemory(joinedName, joined, "f32", [weight.shape[0]! * 3, ...weight.shape.slice(1)]));
      continue;
    }
    const renames: readonly (readonly [RegExp, string])[] = [
      [/^embeddings\.token_embedding/, "token_embedding"],
      [/^embeddings\.position_embedding\.weight/, "positional_embedding"],
      [/^encoder\.layers/, "transformer.resblocks"],
      [/^final_layer_norm/, "ln_final"],
      [/\.self_attn\./, ".attn."],
      [/\.layer_norm(\d)/, ".ln_$1"],
      [/\.fc1/, ".c_fc"],
      [/\.fc2/, ".c_proj"],
    ];
    out.set(
      renames.reduce((result, [pattern, other]) => result.replace(pattern, other), name),
      weight,
    );
  }
  return out;
}

function inputsOf(golden: GoldenNetwork) {
  const { data, shape } = golden.tensor("ids");
  const [batch = 0, length = 0] = shape;
  const pooledAt = new Float32Array(batch * length);
  golden.tensor("ends").data.forEach((end, row) => (pooledAt[row * length + end] = 1));
  return { ids: { data: Int32Array.from(data), shape }, pooledAt: { data: pooledAt, shape: [batch, 1, length] } };
}

describe("CLIP text models", () => {
  test.each([
    ["clip-l", "quickGelu"],
    ["clip-l-odd", "quickGelu"],
    ["open-clip", "gelu"],
    ["open-clip-odd", "gelu"],
  ] as const)("give what transformers gives: %s", async (name, activation) => {
    const golden = readGoldenNetwork(name);
    const weights = name.startsWith("open") ? asOpenClip(golden.weights) : golden.weights;
    const config = readClipTextConfig(indexOf(weights), activation);
    expect(config.naming).toBe(name.startsWith("open") ? "openClip" : "transformers");
    const scope = new WeightScope(weights);
    for (const [layer, expected] of [
      [config.layers, "last"],
      [config.layers - 1, "penultimate"],
    ] as const) {
      await expectNetwork(
        ({ ids, pooledAt }) => clipText({ ids: ids!, pooledAt: pooledAt! }, config, scope, { layer, finalNorm: true }) as never,
        inputsOf(golden),
        { hidden: golden.tensor(expected), pooled: golden.tensor("pooled") },
      );
    }
  });

  test("learned vectors take the place of tokens", async () => {
    const golden = readGoldenNetwork("clip-l");
    const config = readClipTextConfig(indexOf(golden.weights), "quickGelu");
    const inputs = inputsOf(golden);
    const [batch = 0, length = 0] = inputs.ids.shape;
    // Put the vectors of three tokens in by hand, over an arbitrary token: nothing may change.
    const table = stream("embeddings.token_embedding.weight", [config.vocabulary, config.width]);
    const vectors = new Float32Array(batch * length * config.width);
    const keep = new Float32Array(batch * length).fill(1);
    const ids = inputs.ids.data.slice();
    for (const at of [1, 5, length + 2]) {
      vectors.set(table.subarray(ids[at]! * config.width, (ids[at]! + 1) * config.width), at * config.width);
      keep[at] = 0;
      ids[at] = 3;
    }
    await expectNetwork(
      (given) =>
        clipText(
          { ids: given["ids"]!, pooledAt: given["pooledAt"]!, vectors: given["vectors"], keep: given["keep"] },
          config,
          new WeightScope(golden.weights),
          { layer: config.layers, finalNorm: true },
        ) as never,
      {
        ids: { data: ids, shape: [batch, length] },
        pooledAt: inputs.pooledAt,
        vectors: { data: vectors, shape: [batch, length, config.width] },
        keep: { data: keep, shape: [batch, length, 1] },
      },
      { hidden: golden.tensor("last") },
    );
  });
});
