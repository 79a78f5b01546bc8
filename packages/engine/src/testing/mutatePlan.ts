import type { Random } from "./random.js";

const HEADER_WORDS = 11;
const CONSTANT_BYTES_AT = 7 * 4;

/** A plan's bytes with one to three changes: bits, words, or where it ends. Its constants, which may hold anything, are rarely touched. */
export function mutatePlan(plan: Uint8Array, random: Random): Uint8Array {
  let bytes: Uint8Array = plan.slice();
  for (let changes = random.pick([1, 1, 1, 2, 3]); changes > 0; changes--) bytes = change(bytes, random);
  return bytes;
}

function change(bytes: Uint8Array, random: Random): Uint8Array {
  const words = Math.floor(bytes.length / 4);
  if (words < HEADER_WORDS) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const constants = Math.min(words - HEADER_WORDS, Math.ceil(view.getUint32(CONSTANT_BYTES_AT, true) / 4));
  const word = (): number => {
    if (constants > 0 && random.chance(0.03)) return random.integer(HEADER_WORDS, HEADER_WORDS + constants - 1);
    const structure = random.integer(0, words - constants - 1);
    return structure < HEADER_WORDS ? structure : structure + constants;
  };
  const at = word() * 4;
  const value = view.getUint32(at, true);
  switch (random.integer(0, 12)) {
    case 0:
      return bytes.slice(0, random.integer(0, bytes.length));
    case 1: // One word twice.
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at, at + 4), ...bytes.subarray(at)]);
    case 2: // One word less.
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 4)]);
    case 3: {
      const from = word() * 4;
      const length = random.integer(1, 12) * 4;
      bytes.copyWithin(at, from, Math.min(from + length, bytes.length));
      return bytes;
    }
    case 4:
    case 5:
      view.setUint32(at, value ^ (1 << random.integer(0, 31)), true);
      return bytes;
    case 6: // Where products overflow and signs turn.
      view.setUint32(at, (2 ** random.integer(0, 31) + random.integer(-1, 1)) >>> 0, true);
      return bytes;
    case 7:
      view.setUint32(at, Math.floor(random.next() * 2 ** 32), true);
      return bytes;
    case 8:
    case 9:
      view.setUint32(at, (value + random.pick([-1, 1, -16, 16, 64, -64, value])) >>> 0, true);
      return bytes;
    case 10: {
      // Two words in each other's place.
      const other = word() * 4;
      view.setUint32(at, view.getUint32(other, true), true);
      view.setUint32(other, value, true);
      return bytes;
    }
    default: // A word that stands elsewhere is often one that is taken.
      view.setUint32(at, view.getUint32(word() * 4, true), true);
      return bytes;
  }
}
