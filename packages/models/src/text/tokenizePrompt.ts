import { clipTokenizer, END_OF_TEXT, START_OF_TEXT } from "./clipTokenizer.js";
import { parseWeights } from "./parseWeights.js";

/** The tokens one run of a CLIP text encoder takes, start and end included. */
export const CHUNK_LENGTH = 77;
/** A segment of at least as many tokens is cut where a chunk is full; a shorter one moves to the next chunk whole. */
const LONG_SEGMENT = 8;

const PREFIX = "embedding:";

/** Finds a textual-inversion embedding by its name: its vectors, one for each token it stands for, or undefined. */
export type FindEmbedding = (name: string) => readonly Float32Array[] | undefined;

/** What the encoder gets for one run: 77 of everything. */
export interface TokenChunk {
  /** Token ids; 0 where an embedding's vector takes the place of the token's. */
  readonly ids: Int32Array;
  /** How strongly each token counts; 1 for start, end and padding. */
  readonly weights: Float64Array;
  /** Which segment of the prompt each token comes from, counted from 1; 0 for start, end and padding. */
  readonly segments: Int32Array;
  /** Vectors that stand in place of token embeddings. */
  readonly embeddings: readonly { readonly position: number; readonly vector: Float32Array }[];
}

export interface TokenizeOptions {
  /** What fills a chunk: 49407 (the end token) for CLIP-L, 0 for OpenCLIP's encoders. */
  readonly padId: number;
  readonly findEmbedding?: FindEmbedding;
}

interface Token {
  readonly id: number;
  readonly weight: number;
  readonly segment: number;
  readonly vector?: Float32Array;
}

/**
 * Turns a prompt in ComfyUI's syntax (weights, `embedding:name`) into chunks of 77 tokens for a CLIP text encoder; at least one chunk.
 * @throws MODEL_PROMPT for a prompt beyond a million characters or 250 levels of parentheses
 */
export function tokenizePrompt(prompt: string, { padId, findEmbedding = () => undefined }: TokenizeOptions): TokenChunk[] {
  const segments = parseWeights(prompt).flatMap(({ text, weight }) =>
    splitEmbeddings(text, findEmbedding).map((piece) => ({ piece, weight })),
  );
  const groups = segments.map(({ piece, weight }, i): Token[] => {
    const segment = i + 1;
    if (typeof piece !== "string") return piece.map((vector) => ({ id: 0, weight, segment, vector }));
    return clipTokenizer()
      .encode(piece)
      .map((id) => ({ id, weight, segment }));
  });
  return fillChunks(groups).map((tokens) => toChunk(tokens, padId));
}

/** Packs groups of tokens into chunks' bodies of at most 75 tokens. */
function fillChunks(groups: readonly (readonly Token[])[]): Token[][] {
  const capacity = CHUNK_LENGTH - 2;
  let body: Token[] = [];
  const bodies = [body];
  const nextChunk = (): void => void bodies.push((body = []));
  for (const group of groups) {
    let rest = group;
    while (rest.length > 0) {
      const room = capacity - body.length;
      if (rest.length <= room) {
        body.push(...rest);
        break;
      }
      if (group.length >= LONG_SEGMENT) {
        body.push(...rest.slice(0, room));
        rest = rest.slice(room);
      }
      nextChunk();
    }
  }
  return bodies;
}

function toChunk(body: readonly Token[], padId: number): TokenChunk {
  const ids = new Int32Array(CHUNK_LENGTH).fill(padId);
  const weights = new Float64Array(CHUNK_LENGTH).fill(1);
  const segments = new Int32Array(CHUNK_LENGTH);
  const embeddings: { position: number; vector: Float32Array }[] = [];
  ids[0] = START_OF_TEXT;
  ids[body.length + 1] = END_OF_TEXT;
  body.forEach(({ id, weight, segment, vector }, i) => {
    const position = i + 1;
    ids[position] = id;
    weights[position] = weight;
    segments[position] = segment;
    if (vector) embeddings.push({ position, vector });
  });
  return { ids, weights, segments, embeddings };
}

/** Cuts a text into plain pieces and the vectors of embeddings it names. A name nothing is found for vanishes. */
function splitEmbeddings(text: string, find: FindEmbedding): (string | readonly Float32Array[])[] {
  const [first = "", ...named] = text.split(/[ \n]embedding:/u);
  const pieces: (string | readonly Float32Array[])[] = [];
  if (first.startsWith(PREFIX)) named.unshift(first.slice(PREFIX.length));
  // An empty start counts too: segments are numbered as ComfyUI numbers them.
  else pieces.push(first);
  for (const piece of named) {
    const { vectors, rest } = readEmbedding(piece, find);
    if (vectors) pieces.push(vectors);
    if (rest.trim() !== "") pieces.push(rest);
  }
  return pieces;
}

/** The name runs to white space, or to `<` or `[`; a comma at its end belongs to it only if there is such an embedding. */
function readEmbedding(text: string, find: FindEmbedding): { vectors: readonly Float32Array[] | undefined; rest: string } {
  const [, word = "", after = ""] = /^\s*(\S*)([^]*)$/u.exec(text)!;
  const end = word.search(/[<[]/u);
  const name = end < 0 ? word : word.slice(0, end);
  const rest = (end < 0 ? "" : word.slice(end)) + after;
  const exact = find(name);
  const bare = name.replace(/,+$/u, "");
  if (exact || bare === name) return { vectors: exact, rest };
  return { vectors: find(bare), rest: name.slice(bare.length) + rest };
}
