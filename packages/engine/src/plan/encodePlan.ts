import {
  DTYPES,
  EngineError,
  OP_TABLE,
  PLAN_MAGIC,
  PLAN_VERSION,
  PRECISIONS,
  TENSOR_KINDS,
  type Precision,
} from "@patchbay/engine-bindings";
import { type Node, type Tensor } from "../ir/tensor.js";
import type { Weight } from "../weights/weight.js";
import { ALIGNMENT, type MemoryPlan } from "./planMemory.js";
import type { StoredGraph } from "./storage.js";

/** A plan's bytes (see planFormat.ts in engine-bindings) and the weights it names by position. */
export interface EncodedPlan {
  readonly bytes: Uint8Array;
  readonly weights: readonly Weight[];
}

/** Writes the steps, their tensors and constants as a native plan. */
export function encodePlan({ graph, steps, storage }: StoredGraph, memory: MemoryPlan, precision: Precision): EncodedPlan {
  const weights: Weight[] = [];
  const slots = new Map<unknown, number>();
  [...graph.inputs.values()].forEach((tensor, slot) => slots.set(tensor, slot));
  [...graph.outputs.values()].forEach((tensor, slot) => slots.set(tensor, slot));
  const constants = new ConstantPool();

  const tensors = new Map<Tensor, number>();
  const tensorWords = new WordWriter();
  const tensorIndex = (tensor: Tensor): number => {
    const known = tensors.get(tensor);
    if (known !== undefined) return known;
    const { buffer, offset, rowStride } = storage.get(tensor)!;
    let slot = 0;
    let start = offset * 4;
    switch (buffer.root.source.kind) {
      case "weight": {
        const { weight } = buffer.root.source;
        slot = slots.get(weight) ?? weights.push(weight) - 1;
        slots.set(weight, slot);
        break;
      }
      case "constant":
        start += constants.place(buffer.root.source.data);
        break;
      default:
        if (buffer.kind === "arena") start += memory.offsets.get(buffer)!;
        else slot = slots.get(buffer.root)!;
    }
    tensorWords.words(
      TENSOR_KINDS.indexOf(buffer.kind),
      DTYPES.indexOf(tensor.dtype),
      slot,
      tensor.shape.length,
      ...tensor.shape,
      rowStride,
    );
    tensorWords.wide(start);
    tensors.set(tensor, tensors.size);
    return tensors.size - 1;
  };

  const opWords = new WordWriter();
  for (const node of steps) {
    const { opcode, operands, ints } = operandsOf(node);
    opWords.words(
      opcode,
      operands.length,
      ...operands.map(tensorIndex),
      tensorIndex(node.output),
      ints.length,
      ...ints,
      node.attributes.floats.length,
    );
    opWords.floats(node.attributes.floats);
  }

  const constantBytes = constants.bytes();
  const header = new WordWriter();
  header.words(
    PLAN_MAGIC,
    PLAN_VERSION,
    tensors.size,
    steps.length,
    weights.length,
    graph.inputs.size,
    graph.outputs.size,
    constantBytes.length,
  );
  header.wide(memory.arenaBytes);
  header.words(PRECISIONS.indexOf(precision));
  return { bytes: Uint8Array.from(Buffer.concat([header.bytes(), constantBytes, tensorWords.bytes(), opWords.bytes()])), weights };
}

/** The operands that are there, and the ints with their mask in front where the op has optional operands. */
function operandsOf(node: Node): { opcode: number; operands: Tensor[]; ints: readonly number[] } {
  const opcode = OP_TABLE.findIndex(({ name }) => name === node.op.name);
  const row = OP_TABLE[opcode];
  if (!row) throw new EngineError("ENGINE_GRAPH", `could not encode the op "${node.op.name}": it is not in the op table`);
  const optional = row.inputs.flatMap((name, at) => (name.endsWith("?") ? [at] : []));
  const operands = node.inputs.filter((input) => input !== undefined);
  if (optional.length === 0) return { opcode, operands, ints: node.attributes.ints };
  const mask = optional.reduce((bits, at, bit) => (node.inputs[at] ? bits | (1 << bit) : bits), 0);
  return { opcode, operands, ints: [mask, ...node.attributes.ints] };
}

class ConstantPool {
  readonly #places = new Map<Float32Array | Int32Array, number>();
  #end = 0;

  place(data: Float32Array | Int32Array): number {
    let start = this.#places.get(data);
    if (start === undefined) {
      start = this.#end;
      this.#places.set(data, start);
      this.#end = Math.ceil((start + data.byteLength) / ALIGNMENT) * ALIGNMENT;
    }
    return start;
  }

  bytes(): Uint8Array {
    const out = new Uint8Array(this.#end);
    for (const [data, start] of this.#places) out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
    return out;
  }
}

class WordWriter {
  readonly #words: number[] = [];

  words(...values: number[]): void {
    for (const value of values) this.#words.push(value >>> 0);
  }

  wide(value: number): void {
    this.words(value % 2 ** 32, Math.floor(value / 2 ** 32));
  }

  floats(values: readonly number[]): void {
    this.words(...new Uint32Array(Float32Array.from(values).buffer));
  }

  bytes(): Uint8Array {
    const out = new DataView(new ArrayBuffer(this.#words.length * 4));
    this.#words.forEach((word, at) => out.setUint32(at * 4, word, true));
    return new Uint8Array(out.buffer);
  }
}
