import type { Graph } from "../ir/graph.js";
import { Tensor, type Node } from "../ir/tensor.js";
import { binaryOp } from "../ops/binary.js";
import { concatOp } from "../ops/concat.js";
import { conv2dOp } from "../ops/conv2d.js";
import { groupNormOp } from "../ops/groupNorm.js";
import { linearOp } from "../ops/linear.js";
import { momentChunk, momentsOp } from "../ops/moments.js";
import { sliceOp } from "../ops/slice.js";
import { readsRows, takeRows } from "./takeRows.js";

/** When pictures are cut, and into what. */
export interface Tiling {
  /** Bytes of the smallest tensor that is cut. */
  readonly least: number;
  /** About how many pixels a band has. */
  readonly pixels: number;
  /** Bytes of the smallest tensor that is not kept at all, where it can be avoided: its bands are computed again for each that reads them. */
  readonly again?: number;
}

/** Bands stay in the last cache between a norm and its convolution, and are long enough for Winograd to transform its weights for. */
export const usualTiling: Tiling = { least: 1 << 24, pixels: 1 << 14 };

/**
 * Cuts large pictures [1, H, W, C] into bands of rows that are computed one after another, so that most of what lies between two
 * convolutions never exists as a whole, and a band's memory is free once nothing reads it. The result is the same, bit for bit where the
 * kernels' choices for a band are those for the picture: a convolution takes the rows around a band from its neighbours, and the statistics
 * of a group norm are those of the whole picture, collected while the bands before it are made.
 */
export function tileRows(graph: Graph, tiling: Tiling = usualTiling): Graph {
  return new RowTiler(graph, tiling).tile();
}

const BY_ROWS = { ints: [1], floats: [] };

/** How many tensors that are not kept may be made of each other: each of them is computed about once more than the one before it. */
const MOST_AGAIN = 2;

/** A tensor as bands of `rows` rows (the last may have fewer). */
interface Bands {
  readonly rows: number;
  /** The bands there are: all of them, or those that the present sweep has read. */
  readonly parts: Tensor[];
  /** What computes those that are not kept. */
  readonly again: Node | undefined;
  /** How many tensors that are not kept it is made of, one of the other. */
  readonly depth: number;
  /** By number of groups: the moments of each band, and of the whole once it was asked for. */
  readonly moments: Map<number, { readonly parts: Tensor[]; whole?: Tensor }>;
}

class RowTiler {
  readonly #graph: Graph;
  readonly #tiling: Tiling;
  readonly #nodes: Node[] = [];
  readonly #bands = new Map<Tensor, Bands>();
  /** Group norms of bands: computed for whoever reads them. */
  readonly #norms = new Map<Tensor, Node>();
  readonly #whole = new Set<Tensor>();
  readonly #readers = new Map<Tensor, Node[]>();
  readonly #position: ReadonlyMap<Node, number>;
  /** Nodes that are computed together with a later one. */
  readonly #guests = new Map<Node, Node[]>();

  constructor(graph: Graph, tiling: Tiling) {
    this.#graph = graph;
    this.#tiling = tiling;
    this.#position = new Map(graph.nodes.map((node, position) => [node, position]));
    for (const node of graph.nodes) {
      for (const input of new Set(node.inputs)) if (input) this.#readers.set(input, [...(this.#readers.get(input) ?? []), node]);
    }
  }

  tile(): Graph {
    for (const node of this.#graph.nodes) {
      const [x] = node.inputs;
      if (node.op === groupNormOp && this.#bands.has(x!)) this.#norms.set(node.output, node);
      else if (!this.#isCut(node)) this.#emitWhole(node);
      else if (this.#isAvoided(node) || !this.#joinsLater(node)) this.#sweep([node, ...(this.#guests.get(node) ?? [])]);
    }
    for (const output of this.#graph.outputs.values()) this.#makeWhole(output);
    return { ...this.#graph, nodes: this.#nodes };
  }

  /** Whether a node is computed band by band: its result is large, or what it reads is there as bands. */
  #isCut(node: Node): boolean {
    if (!this.#canBeCut(node)) return false;
    return this.#isLarge(node.output) || node.inputs.some((input) => input && (this.#bands.has(input) || this.#norms.has(input)));
  }

  #canBeCut(node: Node): boolean {
    const [batch, height = 0, width = 0] = node.output.shape;
    return node.output.shape.length === 4 && batch === 1 && readsRows(node) && this.#bandRows(height, width) < height;
  }

  #isLarge(tensor: Tensor): boolean {
    return tensor.elements * 4 >= this.#tiling.least;
  }

  /** Whole chunks of moments, and whole tiles of any kind of Winograd. */
  #bandRows(height: number, width: number): number {
    const unit = Math.max(4, momentChunk(height));
    return Math.ceil(this.#tiling.pixels / width / unit) * unit;
  }

  /**
   * A node whose only bands are those that a later node reads last joins that one: until then its result would lie beside what it is made
   * of, and then each of its bands takes the place of one (the shortcut of a residual block).
   */
  #joinsLater(node: Node): boolean {
    const cut = node.inputs.filter((input) => input && (this.#bands.has(input) || this.#norms.has(input)));
    const [x] = cut;
    if (cut.length !== 1 || !this.#bands.has(x!)) return false;
    const last = this.#readersOfRows(x!).at(-1)!;
    const first = this.#readers.get(node.output)?.[0];
    const later = this.#position.get(last)! > this.#position.get(node)!;
    if (!later || !first || this.#position.get(first)! <= this.#position.get(last)!) return false;
    if (!this.#isCut(last) || last.output.dim(1) !== node.output.dim(1) || last.output.dim(2) !== node.output.dim(2)) return false;
    this.#guests.set(last, [...(this.#guests.get(last) ?? []), node]);
    return true;
  }

  /** Who reads a tensor or its group norm, in order. */
  #readersOfRows(tensor: Tensor): Node[] {
    const readers = (this.#readers.get(tensor) ?? []).flatMap((node) =>
      node.op === groupNormOp ? (this.#readers.get(node.output) ?? []) : [node],
    );
    return readers.sort((a, b) => this.#position.get(a)! - this.#position.get(b)!);
  }

  /** Computes nodes of one picture's size band by band. */
  #sweep(nodes: readonly Node[]): void {
    const [height, width] = [nodes[0]!.output.dim(1), nodes[0]!.output.dim(2)];
    const rows = this.#bandRows(height, width);
    for (const { again, parts } of this.#bands.values()) if (again) parts.length = 0;
    const made = nodes.map((node) => {
      const again = this.#isAvoided(node) ? node : undefined;
      const bands: Bands = { rows, parts: [], again, depth: again ? this.#depthOf(node) : 0, moments: this.#momentsWanted(node.output) };
      return { node, bands };
    });
    const computedNow = made.filter(({ bands }) => !bands.again || bands.moments.size > 0);
    for (let start = 0; start < height && computedNow.length > 0; start += rows) {
      for (const { node, bands } of computedNow) {
        const { parts, moments } = bands;
        const part = this.#band(node, start, rows);
        parts.push(part);
        for (const [groups, collected] of moments) collected.parts.push(this.#moments(part, groups, momentChunk(height), node.region));
      }
    }
    for (const { node, bands } of made) {
      if (this.#isLarge(node.output)) this.#bands.set(node.output, bands);
      else this.#concatenate(bands.parts, node.output);
    }
  }

  /** Computes the rows of a node's result from `start` on. */
  #band(node: Node, start: number, rows: number): Tensor {
    const end = Math.min(node.output.dim(1), start + rows);
    return this.#emit(takeRows(node, start, end, (tensor, first, last) => this.#rows(tensor, first, last)));
  }

  #depthOf(node: Node): number {
    const depths = node.inputs.map((input) => this.#bands.get(this.#norms.get(input!)?.inputs[0] ?? input!)?.depth ?? 0);
    return 1 + Math.max(...depths);
  }

  /** Whether a node's result is not kept: it is large, read by bands alone, and no sum, as what passes from block to block is. */
  #isAvoided(node: Node): boolean {
    const { output } = node;
    const readers = this.#readersOfRows(output);
    return (
      this.#isLarge(output) &&
      output.elements * 4 >= (this.#tiling.again ?? Infinity) &&
      this.#depthOf(node) <= MOST_AGAIN &&
      !isSum(node) &&
      readers.length > 0 &&
      readers.every((reader) => this.#canBeCut(reader)) &&
      ![...this.#graph.outputs.values()].includes(output)
    );
  }

  #momentsWanted(tensor: Tensor): Bands["moments"] {
    const norms = this.#isLarge(tensor) ? (this.#readers.get(tensor) ?? []).filter(({ op }) => op === groupNormOp) : [];
    return new Map(norms.map(({ attributes }) => [attributes.ints[0]!, { parts: [] }]));
  }

  #moments(part: Tensor, groups: number, chunk: number, region: string): Tensor {
    const attributes = { ints: [groups, chunk], floats: [] };
    const output = computed(momentsOp.infer([part], attributes, undefined));
    return this.#emit({ op: momentsOp, inputs: [part], attributes, output, region });
  }

  /** Rows first..last of a tensor. */
  #rows(tensor: Tensor, first: number, last: number): Tensor {
    const norm = this.#norms.get(tensor);
    if (norm) {
      const [x, gamma, beta] = norm.inputs;
      const moments = this.#wholeMoments(x!, norm);
      const pieces = this.#cut(x!, first, last).map((piece) =>
        this.#emit({ ...norm, inputs: [piece, gamma, beta, moments], output: computed(piece.shape) }),
      );
      return this.#join(pieces, norm.region);
    }
    if (this.#bands.has(tensor)) return this.#join(this.#cut(tensor, first, last));
    return this.#slice(tensor, first, last);
  }

  #cut(tensor: Tensor, first: number, last: number): Tensor[] {
    const { rows, parts, again } = this.#bands.get(tensor)!;
    const pieces: Tensor[] = [];
    for (let at = Math.floor(first / rows); at * rows < last; at++) {
      const part = (parts[at] ??= this.#band(again!, at * rows, rows));
      pieces.push(this.#slice(part, Math.max(0, first - at * rows), Math.min(part.dim(1), last - at * rows)));
    }
    return pieces;
  }

  #slice(tensor: Tensor, first: number, last: number): Tensor {
    if (last - first === tensor.dim(1)) return tensor;
    const attributes = { ints: [0, first, 0, 0], floats: [] };
    return this.#emit({ op: sliceOp, inputs: [tensor], attributes, output: computed(tensor.shape.with(1, last - first)), region: "" });
  }

  #join(pieces: readonly Tensor[], region = ""): Tensor {
    if (pieces.length === 1) return pieces[0]!;
    return this.#concatenate(pieces, computed(concatOp.infer(pieces, BY_ROWS, undefined)), region);
  }

  #wholeMoments(tensor: Tensor, norm: Node): Tensor {
    const moments = this.#bands.get(tensor)!.moments.get(norm.attributes.ints[0]!)!;
    moments.whole ??= this.#join(moments.parts, norm.region);
    return moments.whole;
  }

  #emitWhole(node: Node): void {
    for (const input of node.inputs) if (input) this.#makeWhole(input);
    this.#emit(node);
  }

  /** Joins a tensor that exists only as bands. */
  #makeWhole(tensor: Tensor): void {
    const cut = this.#norms.has(tensor) || this.#bands.has(tensor);
    if (!cut || this.#whole.has(tensor)) return;
    const { rows } = this.#bands.get(tensor) ?? this.#bands.get(this.#norms.get(tensor)!.inputs[0]!)!;
    const pieces: Tensor[] = [];
    for (let start = 0; start < tensor.dim(1); start += rows) pieces.push(this.#rows(tensor, start, Math.min(tensor.dim(1), start + rows)));
    this.#concatenate(pieces, tensor);
    this.#whole.add(tensor);
  }

  #concatenate(pieces: readonly Tensor[], output: Tensor, region = ""): Tensor {
    return this.#emit({ op: concatOp, inputs: pieces, attributes: BY_ROWS, output, region });
  }

  #emit(node: Node): Tensor {
    this.#nodes.push(node);
    return node.output;
  }
}

function isSum({ op, inputs }: Node): boolean {
  return op === binaryOp || (op === conv2dOp && inputs[4] !== undefined) || (op === linearOp && inputs[3] !== undefined);
}

function computed(shape: readonly number[]): Tensor {
  return new Tensor(shape, "f32", { kind: "computed" });
}
