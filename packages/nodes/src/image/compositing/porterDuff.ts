/** A pixel's colour, already multiplied by its alpha, or its alpha. */
type Mix = (source: number, destination: number, sourceAlpha: number, destinationAlpha: number) => number;

interface Operator {
  readonly colour: Mix;
  readonly alpha: Mix;
}

const clamp = (value: number): number => Math.min(Math.max(value, 0), 1);
const union: Mix = (_, __, a, b) => a + b - a * b;
/** Where only one of the two covers, it shows. */
const outside: Mix = (s, d, a, b) => (1 - b) * s + (1 - a) * d;

/**
 * How two pictures with alpha are composed, by name.
 * Source: Porter and Duff, Compositing Digital Images (1984), and the formulas of android.graphics.PorterDuff.Mode (documentation, Apache-2.0).
 */
export const porterDuffOperators = {
  ADD: { colour: (s, d) => clamp(s + d), alpha: (_, __, a, b) => clamp(a + b) },
  CLEAR: { colour: () => 0, alpha: () => 0 },
  DARKEN: { colour: (s, d, a, b) => outside(s, d, a, b) + Math.min(s, d), alpha: union },
  DST: { colour: (_, d) => d, alpha: (_, __, ___, b) => b },
  DST_ATOP: { colour: (s, d, a, b) => a * d + (1 - b) * s, alpha: (_, __, a) => a },
  DST_IN: { colour: (_, d, a) => d * a, alpha: (_, __, a, b) => a * b },
  DST_OUT: { colour: (_, d, a) => (1 - a) * d, alpha: (_, __, a, b) => (1 - a) * b },
  DST_OVER: { colour: (s, d, _, b) => d + (1 - b) * s, alpha: union },
  LIGHTEN: { colour: (s, d, a, b) => outside(s, d, a, b) + Math.max(s, d), alpha: union },
  MULTIPLY: { colour: (s, d) => s * d, alpha: (_, __, a, b) => a * b },
  OVERLAY: { colour: (s, d, a, b) => (2 * d < b ? 2 * s * d : a * b - 2 * (b - s) * (a - d)), alpha: union },
  SCREEN: { colour: (s, d) => s + d - s * d, alpha: union },
  SRC: { colour: (s) => s, alpha: (_, __, a) => a },
  SRC_ATOP: { colour: (s, d, a, b) => b * s + (1 - a) * d, alpha: (_, __, ___, b) => b },
  SRC_IN: { colour: (s, _, __, b) => s * b, alpha: (_, __, a, b) => a * b },
  SRC_OUT: { colour: (s, _, __, b) => (1 - b) * s, alpha: (_, __, a, b) => (1 - b) * a },
  SRC_OVER: { colour: (s, d, a) => s + (1 - a) * d, alpha: union },
  XOR: { colour: outside, alpha: (_, __, a, b) => (1 - b) * a + (1 - a) * b },
} as const satisfies Record<string, Operator>;

/** The name of an operator. */
export type PorterDuffMode = keyof typeof porterDuffOperators;
