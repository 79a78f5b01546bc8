/**
 * The value of arithmetic as people type it into a number field: + - * / ^ and brackets, decimal comma or point, and "*2", "/2" or "+8" to work
 * on the value that is there. Whole numbers without arithmetic stay exact at any size. Undefined when it is none.
 */
export function evaluate(text: string, current: number | bigint): number | bigint | undefined {
  const trimmed = text.trim().replaceAll(",", ".");
  if (/^[+-]?\d+$/.test(trimmed)) return narrow(BigInt(trimmed));
  const source = /^[*/^]/.test(trimmed) || /^\+\s*\D/.test(trimmed) ? `${current}${trimmed}` : trimmed;
  if (source.length > 200) return undefined;
  const parser = new Parser(source);
  const value = parser.sum();
  return parser.atEnd && value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** A number where that is exact. */
function narrow(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text.replaceAll(/\s+/g, "");
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  sum(): number | undefined {
    let value = this.#product();
    for (let sign = this.#take("+-"); sign !== undefined && value !== undefined; sign = this.#take("+-")) {
      const next = this.#product();
      value = next === undefined ? undefined : sign === "+" ? value + next : value - next;
    }
    return value;
  }

  #product(): number | undefined {
    let value = this.#power();
    for (let sign = this.#take("*/"); sign !== undefined && value !== undefined; sign = this.#take("*/")) {
      const next = this.#power();
      value = next === undefined ? undefined : sign === "*" ? value * next : value / next;
    }
    return value;
  }

  #power(): number | undefined {
    const base = this.#factor();
    if (base === undefined || this.#take("^") === undefined) return base;
    const exponent = this.#power();
    return exponent === undefined ? undefined : base ** exponent;
  }

  #factor(): number | undefined {
    if (++this.#depth > 100) return undefined;
    const sign = this.#take("+-");
    if (sign !== undefined) {
      const value = this.#factor();
      return value === undefined ? undefined : sign === "-" ? -value : value;
    }
    if (this.#take("(") !== undefined) {
      const value = this.sum();
      return this.#take(")") === undefined ? undefined : value;
    }
    const number = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?/i.exec(this.#text.slice(this.#at))?.[0];
    if (number === undefined) return undefined;
    this.#at += number.length;
    return Number(number);
  }

  #take(signs: string): string | undefined {
    const sign = this.#text[this.#at];
    if (sign === undefined || !signs.includes(sign)) return undefined;
    this.#at++;
    return sign;
  }
}
