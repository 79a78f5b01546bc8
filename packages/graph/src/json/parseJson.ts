import { GraphError } from "../graphError.js";
import { defaultLimits } from "../limits.js";
import { setOwn } from "./jsonValue.js";
import type { JsonObject, JsonValue } from "./jsonValue.js";

export interface ParseJsonOptions {
  /** Most bytes (of a Uint8Array) or UTF-16 units (of a string). Default 64 MiB. */
  readonly maxBytes?: number;
  /** Deepest nesting of arrays and objects. Default 512. */
  readonly maxDepth?: number;
}

/** Longest run of digits of one integer: BigInt parsing is quadratic, and no seed needs more than 20. */
const maxDigits = 1000;

/**
 * Parses JSON (RFC 8259) without loss of integers: one beyond ±(2^53-1) becomes a BigInt, every other number a double
 * (`-0` stays -0). A duplicate key keeps its last value; a `__proto__` key is an ordinary own property.
 * Throws GraphError: GRAPH_JSON_SYNTAX with line and column, GRAPH_JSON_NUMBER (1e400), GRAPH_TOO_LARGE, GRAPH_TOO_DEEP,
 * GRAPH_TEXT_INVALID (bytes that are not UTF-8).
 */
export function parseJson(input: string | Uint8Array, options: ParseJsonOptions = {}): JsonValue {
  return parse(input, options, false);
}

/** Like `parseJson`, and accepts what Python's `json.dumps` also writes: `NaN`, `Infinity`, `-Infinity` (and 1e400 as Infinity). */
export function parsePythonJson(input: string | Uint8Array, options: ParseJsonOptions = {}): JsonValue {
  return parse(input, options, true);
}

function parse(input: string | Uint8Array, options: ParseJsonOptions, python: boolean): JsonValue {
  const maxBytes = options.maxBytes ?? defaultLimits.maxBytes;
  if (input.length > maxBytes) {
    throw new GraphError("GRAPH_TOO_LARGE", "", `The JSON has ${input.length} bytes; at most ${maxBytes} are read`);
  }
  const text = typeof input === "string" ? input : decodeUtf8(input);
  return new Parser(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, options.maxDepth ?? defaultLimits.maxDepth, python).document();
}

/** Decodes UTF-8; throws GRAPH_TEXT_INVALID when the bytes are something else. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new GraphError("GRAPH_TEXT_INVALID", "", `${bytes.length} bytes that are not UTF-8 text; a graph is JSON in UTF-8 or a PNG file`);
  }
}

const escapes: Readonly<Record<string, string>> = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

class Parser {
  private at = 0;
  private depth = 0;
  private readonly text: string;
  private readonly maxDepth: number;
  private readonly python: boolean;

  constructor(text: string, maxDepth: number, python: boolean) {
    this.text = text;
    this.maxDepth = maxDepth;
    this.python = python;
  }

  document(): JsonValue {
    const value = this.value();
    this.space();
    if (this.at < this.text.length) this.fail("one JSON value and nothing after it");
    return value;
  }

  private value(): JsonValue {
    this.space();
    const code = this.text.charCodeAt(this.at);
    switch (code) {
      case 0x7b:
        return this.object();
      case 0x5b:
        return this.array();
      case 0x22:
        return this.string();
      case 0x74:
        return this.word("true", true);
      case 0x66:
        return this.word("false", false);
      case 0x6e:
        return this.word("null", null);
      case 0x4e:
        if (this.python) return this.word("NaN", Number.NaN);
        break;
      case 0x49:
        if (this.python) return this.word("Infinity", Number.POSITIVE_INFINITY);
        break;
      default:
        if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return this.number();
    }
    return this.fail("a JSON value");
  }

  private object(): JsonObject {
    this.enter();
    const object: JsonObject = {};
    this.space();
    if (this.text.charCodeAt(this.at) === 0x7d) return this.leave(object);
    for (;;) {
      this.space();
      if (this.text.charCodeAt(this.at) !== 0x22) this.fail("a key in double quotes");
      const key = this.string();
      this.space();
      if (this.text.charCodeAt(this.at) !== 0x3a) this.fail('":" after the key');
      this.at++;
      setOwn(object, key, this.value());
      this.space();
      const code = this.text.charCodeAt(this.at);
      if (code === 0x7d) return this.leave(object);
      if (code !== 0x2c) this.fail('"," or "}"');
      this.at++;
    }
  }

  private array(): JsonValue[] {
    this.enter();
    const array: JsonValue[] = [];
    this.space();
    if (this.text.charCodeAt(this.at) === 0x5d) return this.leave(array);
    for (;;) {
      array.push(this.value());
      this.space();
      const code = this.text.charCodeAt(this.at);
      if (code === 0x5d) return this.leave(array);
      if (code !== 0x2c) this.fail('"," or "]"');
      this.at++;
    }
  }

  private enter(): void {
    this.at++;
    if (++this.depth > this.maxDepth) {
      throw new GraphError("GRAPH_TOO_DEEP", this.place(), `JSON nested deeper than ${this.maxDepth} levels at ${this.place()}`);
    }
  }

  private leave<T>(value: T): T {
    this.at++;
    this.depth--;
    return value;
  }

  private string(): string {
    const { text } = this;
    let from = ++this.at;
    let built = "";
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === 0x22) {
        const rest = text.slice(from, this.at++);
        return built === "" ? rest : built + rest;
      }
      if (code === 0x5c) {
        built += text.slice(from, this.at) + this.escape();
        from = this.at;
      } else if (code >= 0x20) {
        this.at++;
      } else {
        this.fail("the end of the string; control characters are written as \\u00XX");
      }
    }
  }

  private escape(): string {
    const letter = this.text.charAt(this.at + 1);
    const plain = escapes[letter];
    if (plain !== undefined) {
      this.at += 2;
      return plain;
    }
    const digits = this.text.slice(this.at + 2, this.at + 6);
    if (letter !== "u" || !/^[0-9a-fA-F]{4}$/.test(digits)) this.fail("an escape such as \\n or \\u00e9");
    this.at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private number(): number | bigint {
    const { text } = this;
    const from = this.at;
    if (text.charCodeAt(this.at) === 0x2d) this.at++;
    if (this.python && text.charCodeAt(this.at) === 0x49) return -this.word("Infinity", Number.POSITIVE_INFINITY);
    if (text.charCodeAt(this.at) === 0x30) this.at++;
    else this.digits();
    let integer = true;
    if (text.charCodeAt(this.at) === 0x2e) {
      integer = false;
      this.at++;
      this.digits();
    }
    if ((text.charCodeAt(this.at) | 0x20) === 0x65) {
      integer = false;
      this.at++;
      const sign = text.charCodeAt(this.at);
      if (sign === 0x2b || sign === 0x2d) this.at++;
      this.digits();
    }
    const token = text.slice(from, this.at);
    const value = Number(token);
    if (integer && !Number.isSafeInteger(value)) {
      if (token.length > maxDigits) {
        throw new GraphError(
          "GRAPH_JSON_NUMBER",
          this.place(),
          `An integer of ${token.length} digits ending at ${this.place()}; at most ${maxDigits} are read`,
        );
      }
      return BigInt(token);
    }
    if (!Number.isFinite(value) && !this.python) {
      throw new GraphError(
        "GRAPH_JSON_NUMBER",
        this.place(),
        `${token.slice(0, 40)}, ending at ${this.place()}, is beyond a double's range of ±1.797e308`,
      );
    }
    return value;
  }

  private digits(): void {
    const from = this.at;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (!(code >= 0x30 && code <= 0x39)) break;
      this.at++;
    }
    if (this.at === from) this.fail("a digit");
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.fail(word);
    this.at += word.length;
    return value;
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  private place(): string {
    let line = 1;
    let start = 0;
    for (let next = this.text.indexOf("\n"); next >= 0 && next < this.at; next = this.text.indexOf("\n", next + 1)) {
      line++;
      start = next + 1;
    }
    return `line ${line} column ${this.at - start + 1}`;
  }

  private fail(expected: string): never {
    const found = this.at >= this.text.length ? "the end of the text" : JSON.stringify(this.text.slice(this.at, this.at + 20));
    throw new GraphError("GRAPH_JSON_SYNTAX", this.place(), `Not JSON at ${this.place()}: found ${found} where ${expected} belongs`);
  }
}
