/**
 * Rounds to 6 decimals as Python's `round(value, 6)`: the nearest decimal of the double's exact value, an exact tie to the even digit.
 * Exact ties are the odd multiples of 1/128 (0.0078125 → 0.007812).
 */
export function roundToMicro(value: number): number {
  const eighths = value * 128;
  if (Number.isInteger(eighths) && eighths % 2 !== 0) {
    // Here value * 10^6 = odd * 15625 / 2 is exact: take the even neighbour.
    const floor = Math.floor(value * 1e6);
    return (floor % 2 === 0 ? floor : floor + 1) / 1e6;
  }
  return Number(value.toFixed(6));
}
