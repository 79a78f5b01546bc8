import { EngineError, mapFile, Weight, type NativeFile, type WeightDType } from "@patchbay/engine";
import type { TensorEntry } from "./safetensorsHeader.js";
import { decodeNumbers, MAPPED_TYPES, widenFloat8, type StorageType } from "./storageType.js";
import { readTensorBytes, type WeightFile } from "./weightFile.js";

/** What is known of a tensor without touching its bytes. */
export interface TensorInfo {
  readonly byteLength: number;
  readonly shape: readonly number[];
  readonly dtype: StorageType;
}

interface Place {
  readonly file: WeightFile;
  readonly entry: TensorEntry;
}

/**
 * The tensors of a model by name, from one file or several. Detection asks it for shapes; networks get engine weights that lie
 * in the mapped files, each made once and shared by all who ask.
 */
export class WeightStore {
  readonly #places: ReadonlyMap<string, Place>;
  readonly #weights: Map<Place, Weight>;
  readonly #mapped: Map<string, NativeFile>;
  /** The files' own notes, later files over earlier ones. */
  readonly metadata: Readonly<Record<string, string>>;

  private constructor(
    places: ReadonlyMap<string, Place>,
    metadata: Readonly<Record<string, string>>,
    weights: Map<Place, Weight>,
    mapped: Map<string, NativeFile>,
  ) {
    this.#places = places;
    this.metadata = metadata;
    this.#weights = weights;
    this.#mapped = mapped;
  }

  /** All tensors of some files. @throws WEIGHTS_INDEX when two files hold one name */
  static of(files: readonly WeightFile[]): WeightStore {
    const places = new Map<string, Place>();
    for (const file of files) {
      for (const [name, entry] of file.tensors) {
        const other = places.get(name);
        if (other) throw new EngineError("WEIGHTS_INDEX", `could not join "${other.file.path}" and "${file.path}": both have "${name}"`);
        places.set(name, { file, entry });
      }
    }
    return new WeightStore(places, Object.assign({}, ...files.map(({ metadata }) => metadata)), new Map(), new Map());
  }

  get names(): Iterable<string> {
    return this.#places.keys();
  }

  get size(): number {
    return this.#places.size;
  }

  has(name: string): boolean {
    return this.#places.has(name);
  }

  /** Whether a name starts with `prefix`. */
  hasPrefix(prefix: string): boolean {
    for (const name of this.#places.keys()) if (name.startsWith(prefix)) return true;
    return false;
  }

  info(name: string): TensorInfo | undefined {
    return this.#places.get(name)?.entry;
  }

  /** @throws WEIGHTS_MISSING */
  shape(name: string): readonly number[] {
    return this.#place(name).entry.shape;
  }

  /** The same tensors under other names; `undefined` leaves one out. @throws WEIGHTS_INDEX when two get one name */
  rename(newName: (name: string) => string | undefined): WeightStore {
    const places = new Map<string, Place>();
    for (const [name, place] of this.#places) {
      const renamed = newName(name);
      if (renamed === undefined) continue;
      if (places.has(renamed)) throw new EngineError("WEIGHTS_INDEX", `could not rename "${name}": there are two tensors for "${renamed}"`);
      places.set(renamed, place);
    }
    return new WeightStore(places, this.metadata, this.#weights, this.#mapped);
  }

  /** The tensors whose names start with `prefix`, named without it. */
  under(prefix: string): WeightStore {
    return prefix ? this.rename((name) => (name.startsWith(prefix) ? name.slice(prefix.length) : undefined)) : this;
  }

  /** A tensor's elements as fp32 on the host, read without the engine. @throws WEIGHTS_MISSING, WEIGHTS_DTYPE, WEIGHTS_FILE */
  async read(name: string): Promise<Float32Array> {
    const { file, entry } = this.#place(name);
    return decodeNumbers(await readTensorBytes(file, entry), entry.dtype);
  }

  /**
   * Engine weights of all tensors that can be parameters: F32, F16 and BF16 lie in the mapped file, F64 and fp8 are converted
   * (exactly, but for F64's lower bits). Integer tensors are bookkeeping (position ids) and left out. @throws ENGINE_FILE, WEIGHTS_FILE
   */
  async weights(): Promise<Map<string, Weight>> {
    const weights = new Map<string, Weight>();
    for (const [name, place] of this.#places) {
      let weight = this.#weights.get(place);
      weight ??= await this.#makeWeight(name, place);
      if (!weight) continue;
      this.#weights.set(place, weight);
      weights.set(name, weight);
    }
    return weights;
  }

  async #makeWeight(name: string, { file, entry }: Place): Promise<Weight | undefined> {
    const { dtype, shape, start, byteLength } = entry;
    if (byteLength === 0) return undefined;
    const mappedAs = MAPPED_TYPES.get(dtype);
    if (mappedAs) {
      const offset = file.dataStart + start;
      // The engine reads whole elements in place; the format doesn't promise that they are aligned.
      if (offset % BigInt(mappedAs === "f32" ? 4 : 2) === 0n) return Weight.inFile(name, this.#map(file.path), offset, mappedAs, shape);
      return copyOf(name, await readTensorBytes(file, entry), mappedAs, shape);
    }
    if (dtype === "F64") return Weight.inMemory(name, decodeNumbers(await readTensorBytes(file, entry), dtype), "f32", shape);
    if (dtype === "F8_E4M3" || dtype === "F8_E5M2") {
      return Weight.inMemory(name, widenFloat8(await readTensorBytes(file, entry), dtype), "f16", shape);
    }
    return undefined;
  }

  #map(path: string): NativeFile {
    let file = this.#mapped.get(path);
    if (!file) this.#mapped.set(path, (file = mapFile(path)));
    return file;
  }

  #place(name: string): Place {
    const place = this.#places.get(name);
    if (!place) throw new EngineError("WEIGHTS_MISSING", `could not find the tensor "${name}" in the model file`);
    return place;
  }
}

function copyOf(name: string, bytes: Uint8Array, dtype: WeightDType, shape: readonly number[]): Weight {
  const { buffer } = bytes.slice();
  return Weight.inMemory(name, dtype === "f32" ? new Float32Array(buffer) : new Uint16Array(buffer), dtype, shape);
}
