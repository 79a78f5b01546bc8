import { GraphError } from "../graphError.js";

// Own code, because this runs alike in Node and browsers and must not wait: DecompressionStream is asynchronous only.

const lengthBase = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceBase = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385,
  24577,
];
const distanceExtra = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A canonical Huffman code: how many codes there are of each length, and the symbols in order of their codes. */
interface Huffman {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

/**
 * Decompresses a zlib stream (RFC 1950 and 1951) of which at most `maxBytes` may come out; checks its Adler-32.
 * Throws GraphError: GRAPH_DEFLATE_INVALID, GRAPH_TOO_LARGE.
 */
export function inflateZlib(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const header = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  if (bytes.length < 6 || (header & 0x0f00) !== 0x0800 || header % 31 !== 0 || (header & 0x20) !== 0) {
    fail("it does not start with a zlib header");
  }
  const inflater = new Inflater(bytes, 2, maxBytes);
  const out = inflater.run();
  const end = inflater.bytePosition();
  if (end + 4 > bytes.length) fail("it ends before its checksum");
  const checksum = new DataView(bytes.buffer, bytes.byteOffset + end, 4).getUint32(0);
  if (checksum !== adler32(out)) fail("its Adler-32 checksum does not match");
  return out;
}

function fail(what: string): never {
  throw new GraphError("GRAPH_DEFLATE_INVALID", "", `Compressed text cannot be read: ${what}`);
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let i = 0; i < bytes.length; i++) {
    a = (a + (bytes[i] as number)) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}

class Inflater {
  private at: number;
  private bits = 0;
  private bitCount = 0;
  private out: Uint8Array;
  private length = 0;
  private readonly bytes: Uint8Array;
  private readonly maxBytes: number;

  constructor(bytes: Uint8Array, at: number, maxBytes: number) {
    this.bytes = bytes;
    this.at = at;
    this.maxBytes = maxBytes;
    this.out = new Uint8Array(Math.min(maxBytes, Math.max(1024, bytes.length * 4)));
  }

  run(): Uint8Array {
    for (let last = false; !last;) {
      last = this.take(1) === 1;
      const type = this.take(2);
      if (type === 0) this.stored();
      else if (type === 1) this.block(fixedLiterals, fixedDistances);
      else if (type === 2) this.dynamicBlock();
      else fail("it has a block of the reserved type 3");
    }
    return this.out.subarray(0, this.length);
  }

  /** The byte after the last one used. */
  bytePosition(): number {
    return this.at - (this.bitCount >> 3);
  }

  private take(count: number): number {
    while (this.bitCount < count) {
      if (this.at >= this.bytes.length) fail("it ends in the middle of a block");
      this.bits |= (this.bytes[this.at++] as number) << this.bitCount;
      this.bitCount += 8;
    }
    const value = this.bits & ((1 << count) - 1);
    this.bits >>>= count;
    this.bitCount -= count;
    return value;
  }

  private put(byte: number): void {
    if (this.length >= this.out.length) this.grow(1);
    this.out[this.length++] = byte;
  }

  private grow(count: number): void {
    if (this.length + count > this.maxBytes) {
      throw new GraphError("GRAPH_TOO_LARGE", "", `Compressed text holds more than ${this.maxBytes} bytes; that many are read at most`);
    }
    const grown = new Uint8Array(Math.min(this.maxBytes, Math.max(this.out.length * 2, this.length + count)));
    grown.set(this.out.subarray(0, this.length));
    this.out = grown;
  }

  private stored(): void {
    this.at = this.bytePosition();
    this.bits = 0;
    this.bitCount = 0;
    if (this.at + 4 > this.bytes.length) fail("it ends in the middle of a block");
    const length = (this.bytes[this.at] as number) | ((this.bytes[this.at + 1] as number) << 8);
    const check = (this.bytes[this.at + 2] as number) | ((this.bytes[this.at + 3] as number) << 8);
    this.at += 4;
    if ((length ^ 0xffff) !== check || this.at + length > this.bytes.length) fail("a stored block's length is wrong");
    if (this.length + length > this.out.length) this.grow(length);
    this.out.set(this.bytes.subarray(this.at, this.at + length), this.length);
    this.length += length;
    this.at += length;
  }

  private dynamicBlock(): void {
    const literalCount = this.take(5) + 257;
    const distanceCount = this.take(5) + 1;
    const codeCount = this.take(4) + 4;
    if (literalCount > 286 || distanceCount > 30) fail("a block states too many codes");
    const lengths = new Uint8Array(19);
    for (let i = 0; i < codeCount; i++) lengths[codeLengthOrder[i] as number] = this.take(3);
    const code = huffman(lengths);
    const all = new Uint8Array(literalCount + distanceCount);
    for (let i = 0; i < all.length;) {
      const symbol = this.symbol(code);
      if (symbol < 16) {
        all[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) fail("a block repeats a code length before the first");
      const value = symbol === 16 ? (all[i - 1] as number) : 0;
      const repeat = symbol === 16 ? 3 + this.take(2) : symbol === 17 ? 3 + this.take(3) : 11 + this.take(7);
      if (i + repeat > all.length) fail("a block states too many code lengths");
      all.fill(value, i, i + repeat);
      i += repeat;
    }
    if (all[256] === 0) fail("a block has no end code");
    this.block(huffman(all.subarray(0, literalCount)), huffman(all.subarray(literalCount)));
  }

  private block(literals: Huffman, distances: Huffman): void {
    for (;;) {
      const symbol = this.symbol(literals);
      if (symbol === 256) return;
      if (symbol < 256) {
        this.put(symbol);
        continue;
      }
      const base = lengthBase[symbol - 257];
      if (base === undefined) fail("it uses a length code that does not exist");
      const length = base + this.take(lengthExtra[symbol - 257] as number);
      const code = this.symbol(distances);
      const distanceStart = distanceBase[code];
      if (distanceStart === undefined) fail("it uses a distance code that does not exist");
      const distance = distanceStart + this.take(distanceExtra[code] as number);
      if (distance > this.length) fail("it refers back before its start");
      if (this.length + length > this.out.length) this.grow(length);
      for (let i = 0; i < length; i++) this.out[this.length] = this.out[this.length++ - distance] as number;
    }
  }

  private symbol({ counts, symbols }: Huffman): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= 15; length++) {
      code |= this.take(1);
      const count = counts[length] as number;
      if (code - count < first) return symbols[index + (code - first)] as number;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return fail("it uses a code that does not exist");
  }
}

function huffman(lengths: Uint8Array): Huffman {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length] = (counts[length] as number) + 1;
  counts[0] = 0;
  let left = 1;
  for (let length = 1; length <= 15; length++) {
    left = left * 2 - (counts[length] as number);
    if (left < 0) fail("a block's code lengths contradict each other");
  }
  const offsets = new Uint16Array(16);
  for (let length = 1; length < 15; length++) offsets[length + 1] = (offsets[length] as number) + (counts[length] as number);
  const symbols = new Uint16Array(lengths.length);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    symbols[offsets[length] as number] = symbol;
    offsets[length] = (offsets[length] as number) + 1;
  }
  return { counts, symbols };
}

const fixedLiterals = huffman(Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)));
const fixedDistances = huffman(new Uint8Array(30).fill(5));
