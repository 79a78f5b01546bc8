import { EngineError, type RunOptions } from "@patchbay/engine";
import type { ModelFamily, TextDefinition } from "../families/family.js";
import { clipText } from "../families/networks/clipText/clipText.js";
import type { Conditioning } from "../guidance/conditioning.js";
import { CHUNK_LENGTH, END_OF_TEXT, START_OF_TEXT, tokenizePrompt, type TokenChunk } from "../text/index.js";
import { floatOutput, type FloatTensor } from "./floatTensor.js";
import type { Holding } from "./holding.js";
import { ModelNetwork } from "./modelNetwork.js";
import type { ModelWeights } from "./modelWeights.js";

const { fround } = Math;

/** Finds a textual-inversion embedding by the name a prompt gives it: its vectors, or undefined when there is none. */
export type LoadEmbedding = (name: string) => Promise<readonly Float32Array[] | undefined>;

export interface EncodeOptions extends RunOptions {
  readonly loadEmbedding?: LoadEmbedding;
}

/** Encodes prompts: what travels on a CLIP wire. Never changes. */
export class TextEncoder {
  readonly family: ModelFamily;
  readonly definition: TextDefinition;
  readonly weights: ModelWeights;
  /** Layers that run, 1 … nominalLayers. */
  readonly layer: number;
  readonly #network: ModelNetwork;

  constructor(family: ModelFamily, definition: TextDefinition, weights: ModelWeights, layerFromEnd = definition.defaultLayer) {
    this.family = family;
    this.definition = definition;
    this.weights = weights;
    this.layer = definition.nominalLayers - layerFromEnd + 1;
    const { config } = definition;
    this.#network = new ModelNetwork(`${family.id} text encoder`, weights, (scope) => (inputs) => {
      const { hidden, pooled } = clipText(
        { ids: inputs["ids"]!, pooledAt: inputs["pooledAt"]!, vectors: inputs["vectors"], keep: inputs["keep"] },
        config,
        scope,
        { layer: this.layer, finalNorm: true },
      );
      return { hidden, pooled };
    });
  }

  /**
   * The same encoder that stops earlier: -1 is the last layer, -2 the one before. A number beyond the layers keeps the model's default.
   * @throws MODEL_LAYER when the file leaves that layer out
   */
  withLastLayer(last: number): TextEncoder {
    const { nominalLayers, config, defaultLayer } = this.definition;
    const fromEnd = Number.isInteger(last) && last <= -1 && -last <= nominalLayers ? -last : defaultLayer;
    if (nominalLayers - fromEnd + 1 > config.layers) {
      throw new EngineError(
        "MODEL_LAYER",
        `could not end at layer ${last}: this text encoder's file holds ${config.layers} of ${nominalLayers} layers`,
      );
    }
    return new TextEncoder(this.family, this.definition, this.weights, fromEnd);
  }

  /** The same encoder over other weights. */
  withWeights(weights: ModelWeights): TextEncoder {
    return new TextEncoder(this.family, this.definition, weights, this.definition.nominalLayers - this.layer + 1);
  }

  /**
   * Encodes a prompt in ComfyUI's syntax: 77 tokens a chunk, chunks one after the other; a token of weight w ≠ 1 is moved to
   * z∅ + w·(z - z∅), where z∅ is the empty prompt's encoding at its place.
   * @throws MODEL_PROMPT, and what running a network throws
   */
  async encode(text: string, { loadEmbedding, ...options }: EncodeOptions = {}): Promise<Conditioning> {
    const { padToken, config } = this.definition;
    const embeddings = loadEmbedding ? await loadNamed(text, padToken, loadEmbedding) : new Map<string, readonly Float32Array[]>();
    const chunks = tokenizePrompt(text, { padId: padToken, findEmbedding: (name) => embeddings.get(name) });
    const weighted = chunks.some(({ weights }) => weights.some((weight) => weight !== 1));
    const all = (weighted ? [...chunks, emptyChunk(padToken)] : chunks).map((chunk) => dropMisfits(chunk, config.width, padToken));
    const outputs = await this.#network.run(networkInputs(all, config.width), options);
    const [hidden, pooled] = [floatOutput(outputs, "hidden"), floatOutput(outputs, "pooled")];
    const size = CHUNK_LENGTH * config.width;
    const data = hidden.data.slice(0, chunks.length * size);
    if (weighted) weigh(data, hidden.data.subarray(chunks.length * size), chunks, config.width);
    const tokens: FloatTensor = { data, shape: [1, chunks.length * CHUNK_LENGTH, config.width] };
    return [{ tokens, pooled: pooled.data.slice(0, config.width) }];
  }

  /** The parts that hold memory: shared with other values where weights are. */
  get holdings(): readonly Holding[] {
    return [this.#network, ...this.weights.holdings];
  }

  dispose(): void {
    this.#network.dispose();
    this.weights.dispose();
  }
}

/** The embeddings a prompt names: the tokenizer says which names it looks for, and can't wait for files. */
async function loadNamed(text: string, padId: number, load: LoadEmbedding): Promise<Map<string, readonly Float32Array[]>> {
  const names = new Set<string>();
  tokenizePrompt(text, { padId, findEmbedding: (name) => void names.add(name) });
  const found = new Map<string, readonly Float32Array[]>();
  for (const name of names) {
    const vectors = await load(name);
    if (vectors) found.set(name, vectors);
  }
  return found;
}

function emptyChunk(padToken: number): TokenChunk {
  const ids = new Int32Array(CHUNK_LENGTH).fill(padToken);
  ids.set([START_OF_TEXT, END_OF_TEXT]);
  return { ids, weights: new Float64Array(CHUNK_LENGTH).fill(1), segments: new Int32Array(CHUNK_LENGTH), embeddings: [] };
}

/** Vectors of another width can't stand among this encoder's: what follows moves up, padding fills the end. */
function dropMisfits(chunk: TokenChunk, width: number, padToken: number): TokenChunk {
  const misfits = new Set(chunk.embeddings.filter(({ vector }) => vector.length !== width).map(({ position }) => position));
  if (misfits.size === 0) return chunk;
  const kept = Array.from(chunk.ids.keys()).filter((position) => !misfits.has(position));
  const ids = new Int32Array(chunk.ids.length).fill(padToken);
  kept.forEach((from, to) => (ids[to] = chunk.ids[from]!));
  const embeddings = chunk.embeddings
    .filter(({ position }) => !misfits.has(position))
    .map(({ position, vector }) => ({ position: kept.indexOf(position), vector }));
  return { ...chunk, ids, embeddings };
}

function networkInputs(chunks: readonly TokenChunk[], width: number) {
  const count = chunks.length;
  const ids = new Int32Array(count * CHUNK_LENGTH);
  const pooledAt = new Float32Array(count * CHUNK_LENGTH);
  const vectors = new Float32Array(chunks.some(({ embeddings }) => embeddings.length > 0) ? count * CHUNK_LENGTH * width : 0);
  const keep = new Float32Array(count * CHUNK_LENGTH).fill(1);
  chunks.forEach((chunk, row) => {
    ids.set(chunk.ids, row * CHUNK_LENGTH);
    // The text ends at the first end token, wherever it comes from.
    const end = chunk.ids.indexOf(END_OF_TEXT);
    pooledAt[row * CHUNK_LENGTH + (end < 0 ? CHUNK_LENGTH - 1 : end)] = 1;
    for (const { position, vector } of chunk.embeddings) {
      vectors.set(vector, (row * CHUNK_LENGTH + position) * width);
      keep[row * CHUNK_LENGTH + position] = 0;
    }
  });
  return {
    ids: { data: ids, shape: [count, CHUNK_LENGTH] },
    pooledAt: { data: pooledAt, shape: [count, 1, CHUNK_LENGTH] },
    ...(vectors.length > 0 && {
      vectors: { data: vectors, shape: [count, CHUNK_LENGTH, width] },
      keep: { data: keep, shape: [count, CHUNK_LENGTH, 1] },
    }),
  };
}

/** Moves the tokens whose weight isn't 1, in place. */
function weigh(encoded: Float32Array, empty: Float32Array, chunks: readonly TokenChunk[], width: number): void {
  chunks.forEach(({ weights }, row) => {
    weights.forEach((weight, position) => {
      if (weight === 1) return;
      for (let c = 0; c < width; c++) {
        const at = (row * CHUNK_LENGTH + position) * width + c;
        const rest = empty[position * width + c]!;
        encoded[at] = fround(fround(encoded[at]! - rest) * fround(weight)) + rest;
      }
    });
  });
}
