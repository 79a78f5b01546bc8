import type { Colour } from "./medianCut.js";

/** Pixels as bytes [height, width, 3]. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/**
 * Finds entries of a palette; the lowest of equally near ones. As in Pillow, colours are looked up by their upper six bits.
 */
function nearestIn(palette: readonly Colour[]): (red: number, green: number, blue: number) => Colour {
  const known = new Map<number, Colour>();
  return (red, green, blue) => {
    const [r, g, b] = [red & 252, green & 252, blue & 252];
    const key = (r << 16) | (g << 8) | b;
    let nearest = known.get(key);
    if (!nearest) {
      const distances = palette.map((colour) => (colour[0] - r) ** 2 + (colour[1] - g) ** 2 + (colour[2] - b) ** 2);
      nearest = palette[distances.indexOf(Math.min(...distances))]!;
      known.set(key, nearest);
    }
    return nearest;
  };
}

/** Each pixel as the nearest colour of the palette. */
export function toNearest({ data, ...size }: Pixels, palette: readonly Colour[]): Pixels {
  const nearest = nearestIn(palette);
  const out = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) out.set(nearest(data[i]!, data[i + 1]!, data[i + 2]!), i);
  return { data: out, ...size };
}

/**
 * Each pixel as the nearest colour of the palette, its error shared among the pixels right (7/16) and below (3, 5 and 1/16).
 * Source: Floyd and Steinberg (1976), in the whole numbers of Pillow's `Convert.c` (MIT-CMU).
 */
export function toDiffused({ data, height, width }: Pixels, palette: readonly Colour[]): Pixels {
  const nearest = nearestIn(palette);
  const out = new Uint8Array(data.length);
  // Sixteenths: what the row above left for place x stands at x + 1.
  const below = new Int32Array((width + 1) * 3);
  for (let y = 0; y < height; y++) {
    const right = [0, 0, 0];
    const last = [0, 0, 0];
    const underneath = [0, 0, 0];
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const wanted = right.map((error, c) => clampByte(data[at + c]! + Math.trunc((error + below[(x + 1) * 3 + c]!) / 16)));
      const colour = nearest(wanted[0]!, wanted[1]!, wanted[2]!);
      out.set(colour, at);
      for (let c = 0; c < 3; c++) {
        const error = wanted[c]! - colour[c]!;
        below[x * 3 + c] = 3 * error + underneath[c]!;
        underneath[c] = 5 * error + last[c]!;
        last[c] = error;
        right[c] = 7 * error;
      }
    }
    // Pillow leaves three errors of blue for the last place of the next row.
    below.set([underneath[2]!, last[2]!, last[2]!], width * 3);
  }
  return { data: out, height, width };
}

/** Each pixel, brightened or darkened by a pattern of 2^order places a side, as the nearest colour of the palette. */
export function toPatterned({ data, height, width }: Pixels, palette: readonly Colour[], order: number): Pixels {
  const spread = (2 * 256) / palette.length;
  const shifted = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    const threshold = Math.fround(spread * bayer(Math.floor(pixel / width), pixel % width, order) + 0.5);
    shifted[i] = clampByte(Math.trunc(Math.fround(data[i]! + threshold)));
  }
  return toNearest({ data: shifted, height, width }, palette);
}

/** The ordered dither matrix around 0, from -0.5 to 0.5. Source: Bayer (1973), by its recursion. */
function bayer(y: number, x: number, order: number): number {
  let sum = 0;
  for (let level = 1; level <= order; level++) {
    const bit = level - 1;
    const [below, right] = [(y >> bit) & 1, (x >> bit) & 1];
    sum += (right ? (below ? -0.5 : 0.5) : below ? 1.5 : -1.5) / 4 ** level;
  }
  return sum;
}

function clampByte(value: number): number {
  return Math.min(Math.max(value, 0), 255);
}
