import { beforeAll, describe, expect, test } from "vitest";
import type { Graph } from "../ir/graph.js";
import type { HostTensor, Tensor } from "../ir/tensor.js";
import { trace } from "../ir/trace.js";
import { affine } from "../ops/affine.js";
import { add } from "../ops/binary.js";
import { conv2d } from "../ops/conv2d.js";
import { groupNorm } from "../ops/groupNorm.js";
import { permute } from "../ops/permute.js";
import { reshape } from "../ops/reshape.js";
import { resize } from "../ops/resize.js";
import { silu } from "../ops/unary.js";
import { planMemory } from "../plan/planMemory.js";
import { assignStorage } from "../plan/storage.js";
import { Executable } from "../runtime/executable.js";
import { compareArraysByBits } from "../testing/compareArraysByBits.js";
import { expectNativeMatchesOracle, randomArray, randomWeights } from "../testing/compareWithOracle.js";
import { optimize } from "./passes.js";
import { tileRows } from "./tileRows.js";

compareArraysByBits();

const C = 48;
const weights = randomWeights({
  "wide.weight": [2 * C, C, 3, 3],
  "in.weight": [C, 2 * C, 3, 3],
  "in.bias": [C],
  "out.weight": [C, C, 3, 3],
  "down.weight": [C, C, 3, 3],
  "shortcut.weight": [C, 2 * C, 1, 1],
  "norm1.weight": [2 * C],
  "norm1.bias": [2 * C],
  "norm2.weight": [C],
  "norm2.bias": [C],
  "picture.weight": [3, C, 3, 3],
});
const norm = (x: Tensor, name: string): Tensor => silu(groupNorm(x, weights.at(name), { groups: 8 }));

/** What a decoder does: a residual block over an enlarged picture, then a picture of it. */
function decoder(x: Tensor): Tensor {
  const enlarged = conv2d(resize(x, 2 * x.dim(1), 2 * x.dim(2)), weights.at("wide"), { padding: 1 });
  const shortcut = conv2d(enlarged, weights.at("shortcut"));
  const inner = conv2d(norm(enlarged, "norm1"), weights.at("in"), { padding: 1 });
  const block = add(conv2d(norm(inner, "norm2"), weights.at("out"), { padding: 1 }), shortcut);
  return affine(conv2d(norm(block, "norm2"), weights.at("picture"), { padding: 1 }), 0.5, 0.5);
}

/** What an encoder does: a residual block, then it halves the picture and looks at all of it at once. */
function encoder(picture: Tensor): Tensor {
  const x = conv2d(picture, weights.at("out"), { padding: 1 });
  const inner = conv2d(norm(x, "norm2"), weights.at("out"), { padding: 1 });
  const block = add(conv2d(norm(inner, "norm2"), weights.at("out"), { padding: 1 }), x);
  const halved = conv2d(block, weights.at("down"), { stride: 2, padding: [0, 0, 1, 1] });
  const pixels = reshape(norm(halved, "norm2"), [1, halved.dim(1) * halved.dim(2), C]);
  return permute(pixels, [0, 2, 1]);
}

const SHAPE = [1, 258, 15, C];
const traced = (shape: readonly number[], build: (x: Tensor) => Tensor): Graph => trace({ x: { shape } }, ({ x }) => ({ y: build(x!) }));
const arena = (graph: Graph): number => planMemory(assignStorage(graph)).arenaBytes;
const computed = async (graph: Graph, x: HostTensor): Promise<HostTensor> => {
  const executable = Executable.compile("bands", graph, "exact");
  try {
    return (await executable.run({ x })).y!;
  } finally {
    executable.dispose();
  }
};

describe.each([
  ["decoder", decoder, { part: 0.56, again: 0.35 }],
  ["encoder", encoder, { part: 0.95, again: 0.7 }],
] as const)("a large %s", (_, build, { part, again }) => {
  const tiling = { least: 1 << 16, pixels: 512 };
  let whole: Graph;
  let cut: Graph;
  let recomputing: Graph;
  beforeAll(() => {
    whole = optimize(traced(SHAPE, build));
    cut = tileRows(whole, tiling);
    recomputing = tileRows(whole, { ...tiling, again: tiling.least });
  });

  test("gives the same bits in bands", async () => {
    const x = { data: randomArray(258 * 15 * C, 3), shape: SHAPE };
    expect(cut.nodes.filter(({ op }) => op.name === "moments").length).toBeGreaterThan(8);
    const expected = await computed(whole, x);
    expect(await computed(cut, x)).toEqual(expected);
    expect(await computed(recomputing, x)).toEqual(expected);
  });

  test(`takes less than ${part} of the memory`, () => {
    expect(arena(cut)).toBeLessThan(arena(whole) * part);
  });

  test(`takes less than ${again} of it where results are computed again`, () => {
    expect(recomputing.nodes.length).toBeGreaterThan(cut.nodes.length);
    expect(arena(recomputing)).toBeLessThan(arena(whole) * again);
  });
});

test("small pictures and batches stay whole", () => {
  const small = optimize(traced([1, 16, 16, C], decoder));
  expect(tileRows(small).nodes).toEqual(small.nodes);
  const block = (x: Tensor): Tensor => conv2d(norm(x, "norm2"), weights.at("out"), { padding: 1 });
  const batch = optimize(trace({ x: { shape: [2, 64, 64, C] } }, ({ x }) => ({ y: block(x!) })));
  expect(tileRows(batch, { least: 64, pixels: 1 }).nodes).toEqual(batch.nodes);
});

test("matches the oracle where what is cut is also read as a whole", async () => {
  await expectNativeMatchesOracle({ x: { shape: [1, 13, 9, C] } }, ({ x }) => {
    const made = conv2d(x!, weights.at("out"), { padding: 1 });
    const normed = norm(made, "norm2");
    return { normed, turned: permute(made, [0, 2, 1, 3]), y: conv2d(add(normed, made), weights.at("down"), { padding: 1, stride: 2 }) };
  });
});
