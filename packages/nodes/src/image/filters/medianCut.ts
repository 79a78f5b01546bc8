/** An 8-bit colour: red, green, blue. */
export type Colour = readonly [number, number, number];

/** More colours than this are counted together by their upper bits. */
const MAX_DISTINCT = 65536;
/** Shares of the channels in brightness, in 256ths: a box is cut along the channel that differs most to the eye. */
const BRIGHTNESS = [77, 150, 29] as const;

interface Counted {
  readonly colour: Colour;
  readonly count: number;
}

/** Colours that share an entry of the palette, or the two halves that they were cut into. */
interface Box {
  readonly colours: readonly Counted[];
  readonly pixels: number;
  halves?: readonly [Box, Box];
}

/**
 * At most `size` colours for the pixels [count × 3, bytes]: the box with the most pixels is cut in two at its median until there are enough;
 * each box gives its mean.
 *
 * Source: Heckbert, Color Image Quantization for Frame Buffer Display (1982); ties and roundings as in Pillow's `Quant.c` (MIT-CMU).
 */
export function medianCut(pixels: Uint8Array, size: number): Colour[] {
  const { counts, shift } = countColours(pixels);
  const root: Box = { colours: counts, pixels: pixels.length / 3 };
  const heap = new BoxHeap();
  heap.add(root);
  for (let boxes = 1; boxes < size;) {
    const box = heap.take();
    if (!box) break;
    const halves = cutBox(box);
    if (!halves) continue;
    box.halves = halves;
    halves.forEach((half) => heap.add(half));
    boxes++;
  }
  return meansOf(leaves(root), pixels, shift);
}

function countColours(pixels: Uint8Array): { counts: Counted[]; shift: number } {
  for (let shift = 0; ; shift++) {
    const counts = new Map<number, number>();
    for (let i = 0; i < pixels.length && counts.size <= MAX_DISTINCT; i += 3) {
      const key = keyOf(pixels, i, shift);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    if (counts.size > MAX_DISTINCT) continue;
    const colourOf = (key: number): Colour => [key >> 16, (key >> 8) & 255, key & 255];
    return { counts: Array.from(counts, ([key, count]) => ({ colour: colourOf(key), count })), shift };
  }
}

function keyOf(pixels: Uint8Array, at: number, shift: number): number {
  return ((pixels[at]! >> shift) << 16) | ((pixels[at + 1]! >> shift) << 8) | (pixels[at + 2]! >> shift);
}

/** The brighter half, up to and including the median's value, and the rest; nothing for a box of one colour. */
function cutBox({ colours, pixels }: Box): [Box, Box] | undefined {
  const ranges = BRIGHTNESS.map((weight, channel) => {
    const values = colours.map(({ colour }) => colour[channel]!);
    return weight * (values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b)));
  });
  const widest = Math.max(...ranges);
  if (widest === 0) return undefined;
  const channel = ranges.indexOf(widest);
  const byValue = new Float64Array(256);
  for (const { colour, count } of colours) byValue[colour[channel]!]! += count;
  const lowest = byValue.findIndex((count) => count > 0);
  let [value, above] = [256, 0];
  while (above * 2 <= pixels) above += byValue[--value]!;
  // With the median among the darkest, these alone are the other half.
  const from = Math.max(value, lowest + 1);
  const half = (isUpper: boolean): Box => {
    const part = colours.filter(({ colour }) => colour[channel]! >= from === isUpper);
    return { colours: part, pixels: part.reduce((sum, { count }) => sum + count, 0) };
  };
  return [half(true), half(false)];
}

function leaves(box: Box): Box[] {
  return box.halves ? box.halves.flatMap(leaves) : [box];
}

/** Means of the pixels themselves, whatever bits they were counted by. */
function meansOf(boxes: readonly Box[], pixels: Uint8Array, shift: number): Colour[] {
  const boxOf = new Map<number, number>();
  boxes.forEach(({ colours }, index) => colours.forEach(({ colour: [r, g, b] }) => boxOf.set((r << 16) | (g << 8) | b, index)));
  const sums = boxes.map(() => [0, 0, 0, 0] as [number, number, number, number]);
  for (let i = 0; i < pixels.length; i += 3) {
    const sum = sums[boxOf.get(keyOf(pixels, i, shift))!]!;
    for (let c = 0; c < 3; c++) sum[c]! += pixels[i + c]!;
    sum[3]++;
  }
  return sums.map(([r, g, b, count]) => [Math.floor(0.5 + r / count), Math.floor(0.5 + g / count), Math.floor(0.5 + b / count)]);
}

/** A binary heap by number of pixels, the most first. Which of equal boxes comes first decides the palette, so it is kept as Pillow has it. */
class BoxHeap {
  /** From 1 on: the children of k are 2k and 2k + 1. */
  readonly #boxes: (Box | undefined)[] = [undefined];

  add(box: Box): void {
    const boxes = this.#boxes;
    let at = boxes.push(box) - 1;
    for (; at > 1; at >>= 1) {
      const parent = boxes[at >> 1]!;
      if (box.pixels <= parent.pixels) break;
      boxes[at] = parent;
    }
    boxes[at] = box;
  }

  take(): Box | undefined {
    const boxes = this.#boxes;
    if (boxes.length === 1) return undefined;
    const top = boxes[1];
    const last = boxes.pop()!;
    if (boxes.length === 1) return top;
    let at = 1;
    for (let child = 2; child < boxes.length; child = at * 2) {
      if (child + 1 < boxes.length && boxes[child]!.pixels < boxes[child + 1]!.pixels) child++;
      if (last.pixels > boxes[child]!.pixels) break;
      boxes[at] = boxes[child];
      at = child;
    }
    boxes[at] = last;
    return top;
  }
}
