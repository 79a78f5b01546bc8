import type { Held, Holding } from "@patchbay/nodes";

/**
 * Counts the users of what holds memory: the arrays and the parts of models in results that are kept or still needed. A part of a model is
 * disposed of when its last user lets go of it.
 */
export class HeldMemory {
  readonly #users = new Map<Held, number>();
  readonly #parts = new Set<Holding>();
  #arrayBytes = 0;

  /** Bytes of arrays. */
  get arrayBytes(): number {
    return this.#arrayBytes;
  }

  /** Bytes of parts of models: it grows when they are first used, and with each new shape. */
  get partBytes(): number {
    let bytes = 0;
    for (const part of this.#parts) bytes += part.bytes;
    return bytes;
  }

  /** Parts of models that are in use. */
  get parts(): number {
    return this.#parts.size;
  }

  acquire(held: readonly Held[]): void {
    for (const each of held) {
      const users = this.#users.get(each) ?? 0;
      this.#users.set(each, users + 1);
      if (users > 0) continue;
      if (isPart(each)) this.#parts.add(each);
      else this.#arrayBytes += each.byteLength;
    }
  }

  release(held: readonly Held[]): void {
    for (const each of held) {
      const users = this.#users.get(each)!;
      if (users > 1) {
        this.#users.set(each, users - 1);
        continue;
      }
      this.#users.delete(each);
      if (isPart(each)) {
        this.#parts.delete(each);
        each.dispose();
      } else this.#arrayBytes -= each.byteLength;
    }
  }

  /** Frees what all parts hold, those in use too: they make it anew when they are next asked. Nothing may run meanwhile. */
  disposeParts(): void {
    for (const part of this.#parts) part.dispose();
  }
}

function isPart(held: Held): held is Holding {
  return "dispose" in held;
}
