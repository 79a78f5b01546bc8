// How far results are from the expected ones.

/** ‖actual - expected‖ / ‖expected‖; infinite where one has a NaN or an infinity that the other hasn't, or the counts differ. */
export function relativeError(expected, actual) {
  if (expected.length !== actual.length) return Infinity;
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    const [e, a] = [expected[i], actual[i]];
    if (!Number.isFinite(e) || !Number.isFinite(a)) {
      if (!Object.is(e, a)) return Infinity;
      continue;
    }
    difference += (a - e) ** 2;
    norm += e ** 2;
  }
  return norm > 0 ? Math.sqrt(difference / norm) : Math.sqrt(difference);
}

/** Peak signal-to-noise ratio of 8-bit pictures in dB; infinite for equal ones, NaN for other sizes. */
export function psnr(expected, actual) {
  if (expected.length !== actual.length) return NaN;
  let sum = 0;
  for (let i = 0; i < expected.length; i++) sum += (actual[i] - expected[i]) ** 2;
  return sum === 0 ? Infinity : 10 * Math.log10((255 * 255 * expected.length) / sum);
}
