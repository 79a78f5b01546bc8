import { EngineError } from "@patchbay/engine";
import { MersenneTwister } from "./mersenneTwister.js";

/** From this many values on torch fills normals in blocks of 16 from 24-bit uniforms; below it draws pairs from 53-bit ones. */
const BLOCK = 16;
const HALF = BLOCK / 2;
const TWO_PI = 2 * Math.PI;
const MAX_SEED = 2n ** 64n - 1n;

/**
 * PyTorch's CPU generator (`torch.Generator().manual_seed(seed)`): the same seed gives the same stream of `rand` and `randn`.
 * Below 16 values `randn` is bit-exact; from 16 values on torch's vectorised kernel approximates log, sin and cos,
 * so values agree to about 1e-6 absolute.
 *
 * Source: ATen's CPUGeneratorImpl and normal_fill (BSD-3), as behaviour.
 */
export class TorchGenerator {
  readonly #twister: MersenneTwister;
  /** The second value of the last small-path pair: torch keeps it for the next small draw, across large draws too. */
  #cached: number | undefined;

  /**
   * @param seed 0 … 2^64 - 1, of which the stream depends on the low 32 bits only.
   * @throws MODEL_SEED_RANGE for a seed outside that range.
   */
  constructor(seed: bigint) {
    if (seed < 0n || seed > MAX_SEED)
      throw new EngineError(
        "MODEL_SEED_RANGE",
        `Cannot seed the noise generator with ${seed}: a seed is an integer from 0 to ${MAX_SEED}.`,
      );
    this.#twister = new MersenneTwister(Number(seed & 0xffffffffn));
  }

  /** `torch.rand(count)`, fp32 in [0, 1): 24 random bits each. */
  rand(count: number): Float32Array {
    const out = new Float32Array(count);
    for (let i = 0; i < count; i++) out[i] = this.#uniform24();
    return out;
  }

  /** `torch.randn(count)`, fp32. A tensor of any shape takes its values in row-major order. */
  randn(count: number): Float32Array {
    if (count < BLOCK) return Float32Array.from({ length: count }, () => this.#smallNormal());
    const out = this.rand(count);
    for (let i = 0; i + BLOCK <= count; i += BLOCK) normalizeBlock(out, i);
    if (count % BLOCK !== 0) {
      // The tail is not filled up: its last 16 values are drawn anew, over some that were already normal.
      out.set(this.rand(BLOCK), count - BLOCK);
      normalizeBlock(out, count - BLOCK);
    }
    return out;
  }

  #uniform24(): number {
    return (this.#twister.nextUint32() & 0xffffff) * 2 ** -24;
  }

  #uniform53(): number {
    const high = this.#twister.nextUint32() & 0x1fffff;
    return (high * 2 ** 32 + this.#twister.nextUint32()) * 2 ** -53;
  }

  /** Box–Muller in float64. */
  #smallNormal(): number {
    const cached = this.#cached;
    if (cached !== undefined) {
      this.#cached = undefined;
      return cached;
    }
    const angle = TWO_PI * this.#uniform53();
    const radius = Math.sqrt(-2 * Math.log1p(-this.#uniform53()));
    this.#cached = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

/** Turns 16 uniforms at `start` into normals in place: the first eight give radii, the other eight angles. */
function normalizeBlock(values: Float32Array, start: number): void {
  for (let j = start; j < start + HALF; j++) {
    const radius = Math.sqrt(-2 * Math.log(1 - values[j]!));
    const angle = TWO_PI * values[j + HALF]!;
    values[j] = radius * Math.cos(angle);
    values[j + HALF] = radius * Math.sin(angle);
  }
}
