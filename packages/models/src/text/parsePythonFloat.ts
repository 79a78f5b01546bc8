const WHITESPACE = "[\\t-\\r\\x1c-\\x20\\x85\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*";
const DIGITS = "[0-9](?:_?[0-9])*";
const NUMBER = new RegExp(
  `^${WHITESPACE}([+-]?)(?:(inf(?:inity)?)|(nan)|((?:${DIGITS}\\.?(?:${DIGITS})?|\\.${DIGITS})(?:e[+-]?${DIGITS})?))${WHITESPACE}$`,
  "i",
);

/** What Python's `float(text)` gives, or undefined where it raises: prompt weights are written in its syntax, `inf`, `1_000` and all. */
export function parsePythonFloat(text: string): number | undefined {
  const match = NUMBER.exec(text.replaceAll(/\p{Nd}/gu, (digit) => String(digitValue(digit))));
  if (!match) return undefined;
  const [, sign, infinite, nan, digits] = match;
  const size = infinite ? Infinity : nan ? NaN : Number(digits!.replaceAll("_", ""));
  return sign === "-" ? -size : size;
}

/** Decimal digits of every script come in runs of ten, from zero up. */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0)!;
  let start = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(start - 1))) start--;
  return (code - start) % 10;
}
