/** Gives items back by rank, the lowest first: a binary heap. */
export class PriorityQueue<Item> {
  readonly #heap: { readonly item: Item; readonly rank: number }[] = [];

  add(item: Item, rank: number): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push({ item, rank });
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (heap[above]!.rank <= rank) break;
      [heap[at], heap[above]] = [heap[above]!, heap[at]!];
      at = above;
    }
  }

  /** Undefined when there is none. */
  take(): Item | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first?.item;
    heap[0] = last;
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const least = right < heap.length && heap[right]!.rank < heap[left]!.rank ? right : left;
      if (least >= heap.length || heap[least]!.rank >= last.rank) return first.item;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  }
}
