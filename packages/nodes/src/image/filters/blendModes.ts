/** Of two values the second of which lies on top. */
type Blend = (below: number, above: number) => number;

/**
 * Ways to blend two pictures, in the order of the menu; "difference" keeps its sign until the result is limited to 0…1.
 * Source: W3C, Compositing and Blending Level 1.
 */
export const blendModes = {
  normal: (_, b) => b,
  multiply: (a, b) => a * b,
  screen: (a, b) => 1 - (1 - a) * (1 - b),
  overlay: (a, b) => (a <= 0.5 ? 2 * a * b : 1 - 2 * (1 - a) * (1 - b)),
  soft_light: (a, b) => (b <= 0.5 ? a - (1 - 2 * b) * a * (1 - a) : a + (2 * b - 1) * (softLightCurve(a) - a)),
  difference: (a, b) => a - b,
} as const satisfies Record<string, Blend>;

/** The name of a way to blend. */
export type BlendMode = keyof typeof blendModes;

function softLightCurve(value: number): number {
  return value <= 0.25 ? ((16 * value - 12) * value + 4) * value : Math.sqrt(value);
}
