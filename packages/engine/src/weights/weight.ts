import { EngineError, loadNative, type DType, type NativeFile, type NativeWeight } from "@patchbay/engine-bindings";
import { elementCount } from "../ir/shape.js";
import { widenBfloat16, widenHalf } from "./halfFloat.js";

/** Element types a weight may be stored in. */
export type WeightDType = Exclude<DType, "i32">;

type Source =
  | { readonly kind: "file"; readonly file: NativeFile; readonly byteOffset: bigint }
  | { readonly kind: "memory"; readonly data: Float32Array | Uint16Array };

/** A named parameter: its shape, its storage type, and where its bytes lie. Packed forms belong to the native handle and are shared by all plans. */
export class Weight {
  readonly name: string;
  readonly dtype: WeightDType;
  readonly shape: readonly number[];
  readonly #source: Source;
  readonly #views = new Map<string, Weight>();
  #native: NativeWeight | undefined;

  private constructor(name: string, dtype: WeightDType, shape: readonly number[], source: Source) {
    this.name = name;
    this.dtype = dtype;
    this.shape = shape;
    this.#source = source;
  }

  /** A weight in a mapped file; nothing is read before it is used. */
  static inFile(name: string, file: NativeFile, byteOffset: bigint, dtype: WeightDType, shape: readonly number[]): Weight {
    return new Weight(name, dtype, shape, { kind: "file", file, byteOffset });
  }

  /** A weight in memory: Float32Array for f32, Uint16Array bits for f16 and bf16. @throws ENGINE_SHAPE */
  static inMemory(name: string, data: Float32Array | Uint16Array, dtype: WeightDType, shape: readonly number[]): Weight {
    if (data.length !== elementCount(shape)) {
      throw new EngineError("ENGINE_SHAPE", `could not make weight "${name}": ${data.length} elements for shape [${shape.join(", ")}]`);
    }
    return new Weight(name, dtype, shape, { kind: "memory", data });
  }

  get elements(): number {
    return elementCount(this.shape);
  }

  get bytes(): number {
    return this.elements * (this.dtype === "f32" ? 4 : 2);
  }

  /** Bytes of memory that its elements take, packed forms apart: none for those in a mapped file, which the system keeps or drops as it likes. */
  get heldBytes(): number {
    return this.#source.kind === "memory" ? this.bytes : 0;
  }

  /** `count` rows (first dimension) from `start`, over the same bytes. @throws ENGINE_SHAPE */
  rows(start: number, count: number): Weight {
    const [total = 0, ...rest] = this.shape;
    if (start < 0 || count < 1 || start + count > total) {
      throw new EngineError("ENGINE_SHAPE", `could not take rows ${start}..${start + count} of weight "${this.name}": it has ${total}`);
    }
    return this.#view(`${this.name}[${start}:${start + count}]`, [count, ...rest], start * elementCount(rest));
  }

  /** The same elements under another shape. @throws ENGINE_SHAPE */
  reshape(shape: readonly number[]): Weight {
    if (elementCount(shape) !== this.elements) {
      throw new EngineError("ENGINE_SHAPE", `could not reshape weight "${this.name}" [${this.shape.join(", ")}] to [${shape.join(", ")}]`);
    }
    return this.#view(this.name, shape, 0);
  }

  #view(name: string, shape: readonly number[], skip: number): Weight {
    const key = `${skip}:${shape.join(",")}`;
    let view = this.#views.get(key);
    if (!view) {
      const source: Source =
        this.#source.kind === "file"
          ? { ...this.#source, byteOffset: this.#source.byteOffset + BigInt(skip * (this.dtype === "f32" ? 4 : 2)) }
          : { kind: "memory", data: this.#source.data.subarray(skip, skip + elementCount(shape)) };
      view = new Weight(name, this.dtype, shape, source);
      this.#views.set(key, view);
    }
    return view;
  }

  /** The native handle, made at first use. */
  native(): NativeWeight {
    this.#native ??=
      this.#source.kind === "file"
        ? loadNative().fileWeight(this.#source.file, this.#source.byteOffset, this.dtype, this.shape)
        : loadNative().memoryWeight(this.#source.data, this.dtype, this.shape);
    return this.#native;
  }

  /** The elements in fp32. */
  read(): Float32Array {
    if (this.#source.kind === "file") return loadNative().readWeight(this.native());
    const { data } = this.#source;
    if (data instanceof Float32Array) return data.slice();
    return this.dtype === "f16" ? widenHalf(data) : widenBfloat16(data);
  }

  /** Frees what the native side holds for this weight and its views. */
  dispose(): void {
    for (const view of this.#views.values()) view.dispose();
    if (this.#native) loadNative().disposeWeight(this.#native);
    this.#native = undefined;
  }
}
