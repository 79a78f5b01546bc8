const INIT_A = 0x43b0d7e5;
const MULT_A = 0x931e8875;
const INIT_B = 0x8b51f9dd;
const MULT_B = 0x58f38ded;
const MIX_LEFT = 0xca01f9dd;
const MIX_RIGHT = 0x4973f715;

/**
 * numpy's `SeedSequence(entropy, spawn_key=…, pool_size=…).generate_state(count)`: an integer of any size and a path of integers
 * are mixed into a pool of 32-bit words, from which seeds are drawn.
 *
 * Source: numpy.random.bit_generator (BSD-3), after M. E. O'Neill's `seed_seq_fe`.
 *
 * @param entropy ≥ 0
 * @param spawnKey non-negative safe integers
 * @param poolSize words in the pool; numpy's default is 4, torchsde uses 24
 */
export function generateSeedState(entropy: bigint, spawnKey: readonly number[], poolSize: number, count: number): Uint32Array {
  const pool = mixEntropy(assembleEntropy(entropy, spawnKey, poolSize), poolSize);
  const state = new Uint32Array(count);
  let hash = INIT_B;
  for (let i = 0; i < count; i++) {
    const value = pool[i % poolSize]! ^ hash;
    hash = Math.imul(hash, MULT_B);
    const product = Math.imul(value, hash);
    state[i] = product ^ (product >>> 16);
  }
  return state;
}

function assembleEntropy(entropy: bigint, spawnKey: readonly number[], poolSize: number): number[] {
  const words = toWords(entropy);
  if (spawnKey.length === 0) return words;
  // So that a short entropy with a spawn key can't equal a longer entropy without one.
  while (words.length < poolSize) words.push(0);
  return words.concat(...spawnKey.map((key) => toWords(BigInt(key))));
}

/** Little-endian 32-bit words; zero is one word. */
function toWords(value: bigint): number[] {
  const words: number[] = [];
  do {
    words.push(Number(value & 0xffffffffn));
    value >>= 32n;
  } while (value > 0n);
  return words;
}

function mixEntropy(words: readonly number[], poolSize: number): Uint32Array {
  const pool = new Uint32Array(poolSize);
  let hash = INIT_A;
  const hashed = (word: number): number => {
    const value = word ^ hash;
    hash = Math.imul(hash, MULT_A);
    const product = Math.imul(value, hash);
    return product ^ (product >>> 16);
  };
  const mixed = (x: number, y: number): number => {
    const difference = Math.imul(MIX_LEFT, x) - Math.imul(MIX_RIGHT, y);
    return (difference ^ (difference >>> 16)) >>> 0;
  };
  for (let i = 0; i < poolSize; i++) pool[i] = hashed(words[i] ?? 0);
  for (let source = 0; source < poolSize; source++) {
    for (let target = 0; target < poolSize; target++) {
      if (source !== target) pool[target] = mixed(pool[target]!, hashed(pool[source]!));
    }
  }
  for (let source = poolSize; source < words.length; source++) {
    for (let target = 0; target < poolSize; target++) pool[target] = mixed(pool[target]!, hashed(words[source]!));
  }
  return pool;
}
