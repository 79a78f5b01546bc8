import { NodeError, quote } from "../nodeError.js";
import { SPACE } from "./pythonSpace.js";

/** What a pattern's letters and marks mean. */
export interface RegexFlags {
  readonly caseInsensitive: boolean;
  /** ^ and $ match at lines, too. */
  readonly multiline: boolean;
  /** . matches line ends, too. */
  readonly dotall: boolean;
}

const WORD = "\\p{L}\\p{N}_";
const BOUNDARY = `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`;
const END = "(?![\\s\\S])";

/** Escapes that mean a set of characters, as Python has them for Unicode text; usable inside a class too. */
const sets: Readonly<Record<string, string>> = {
  d: "\\p{Nd}",
  D: "\\P{Nd}",
  w: `[${WORD}]`,
  W: `[^${WORD}]`,
  s: `[${SPACE}]`,
  S: `[^${SPACE}]`,
};
/** Escapes that mean a place. */
const places: Readonly<Record<string, string>> = {
  A: "(?<![\\s\\S])",
  Z: END,
  b: BOUNDARY,
  B: `(?!${BOUNDARY})`,
};
/** Escapes that mean one character. */
const characters: Readonly<Record<string, string>> = { n: "\\n", r: "\\r", t: "\\t", f: "\\f", v: "\\v", a: "\\x07", "0": "\\x00" };

/**
 * A regular expression in Python's syntax (`re`) as one of JavaScript; global. Not known: verbose patterns, flags for a part of a pattern,
 * atomic groups, possessive repeats, conditions and characters by name.
 * @throws NODE_PATTERN
 */
export function pythonRegex(pattern: string, flags: RegexFlags): RegExp {
  const { source, caseInsensitive } = new Translation(pattern, flags).run();
  try {
    return new RegExp(source, caseInsensitive ? "giv" : "gv");
  } catch (cause) {
    throw invalid(pattern, "this is no regular expression", cause);
  }
}

function invalid(pattern: string, why: string, cause?: unknown): NodeError {
  return new NodeError("NODE_PATTERN", `Cannot search for ${quote(pattern)}: ${why}`, { cause });
}

/** One character that means itself, inside a class or outside of it. */
function literal(character: string): string {
  return /[\p{L}\p{N}_\s]/u.test(character) ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

class Translation {
  readonly #pattern: string;
  readonly #flags: { -readonly [Name in keyof RegexFlags]: RegexFlags[Name] };
  #at = 0;
  #isInClass = false;

  constructor(pattern: string, flags: RegexFlags) {
    this.#pattern = pattern;
    this.#flags = { ...flags };
  }

  run(): { source: string; caseInsensitive: boolean } {
    this.#globalFlags();
    let source = "";
    while (this.#at < this.#pattern.length) source += this.#isInClass ? this.#classPart() : this.#part();
    return { source, caseInsensitive: this.#flags.caseInsensitive };
  }

  #take(expression: RegExp): RegExpExecArray | null {
    const sticky = new RegExp(expression.source, "uy");
    sticky.lastIndex = this.#at;
    const match = sticky.exec(this.#pattern);
    if (match) this.#at = sticky.lastIndex;
    return match;
  }

  /** "(?ims)" at the very start. */
  #globalFlags(): void {
    const letters = this.#take(/\(\?([aimsuLx]+)\)/)?.[1] ?? "";
    if (letters.includes("x")) throw invalid(this.#pattern, "verbose patterns are not known");
    this.#flags.caseInsensitive ||= letters.includes("i");
    this.#flags.multiline ||= letters.includes("m");
    this.#flags.dotall ||= letters.includes("s");
  }

  #part(): string {
    const { multiline, dotall } = this.#flags;
    const repeat = this.#take(/\{(\d*)(,?)(\d*)\}(\??)/);
    if (repeat) return translateRepeat(repeat);
    const group = this.#group();
    if (group !== undefined) return group;
    const character = this.#take(/[\s\S]/)![0];
    switch (character) {
      case "\\":
        return this.#escape();
      case "[":
        this.#isInClass = true;
        // A bracket that comes first in a class means itself.
        return (this.#take(/\^/) ? "[^" : "[") + (this.#take(/\]/) ? literal("]") : "");
      case ".":
        return dotall ? "[\\s\\S]" : "[^\\n]";
      case "^":
        return multiline ? "(?<![^\\n])" : places["A"]!;
      case "$":
        return multiline ? "(?![^\\n])" : `(?=\\n?${END})`;
      case "(":
      case ")":
      case "|":
      case "?":
      case "*":
      case "+":
        return character;
      default:
        return literal(character);
    }
  }

  /** How groups begin that Python spells in its own way. */
  #group(): string | undefined {
    const name = this.#take(/\(\?P<(\w+)>/)?.[1];
    if (name) return `(?<${name}>`;
    const reference = this.#take(/\(\?P=(\w+)\)/)?.[1];
    if (reference) return `\\k<${reference}>`;
    if (this.#take(/\(\?#[^)]*\)/)) return "";
    if (this.#take(/\(\?(?=[a-zA-Z(>-])/)) throw invalid(this.#pattern, "this kind of group is not known");
    return this.#take(/\(\?(?:[:=!]|<[=!])/)?.[0];
  }

  #classPart(): string {
    const character = this.#take(/[\s\S]/)![0];
    if (character === "]") {
      this.#isInClass = false;
      return "]";
    }
    if (character === "\\") return this.#escape();
    if (character !== "-") return literal(character);
    // A minus is a range only between two characters.
    const isRange = /[^[^]-[^\]]/u.test(this.#pattern.slice(Math.max(0, this.#at - 2), this.#at + 1));
    return isRange ? "-" : literal("-");
  }

  #escape(): string {
    const code = this.#take(/x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})/)
      ?.slice(1)
      .find(Boolean);
    if (code) return `\\u{${code}}`;
    const number = this.#isInClass ? undefined : this.#take(/[1-9]\d?/)?.[0];
    if (number) return `(?:\\${number})`;
    const character = this.#take(/[\s\S]/)?.[0];
    if (character === undefined) throw invalid(this.#pattern, "it ends with a single backslash");
    if (this.#isInClass && character === "b") return "\\x08";
    const known = sets[character] ?? characters[character] ?? (this.#isInClass ? undefined : places[character]);
    if (known) return known;
    if (/[a-zA-Z0-9]/.test(character)) throw invalid(this.#pattern, `"\\${character}" is not known`);
    return literal(character);
  }
}

/** "{,3}" counts from 0; braces that count nothing mean themselves. */
function translateRepeat([text, from, comma, to, lazy]: RegExpExecArray): string {
  if (from === "" && comma === "" && to === "") return Array.from(text, literal).join("");
  return `{${from || "0"}${comma}${to}}${lazy}`;
}

/**
 * Fills a match into a replacement in Python's syntax: \1, \g<1>, \g<name>, \n, \\.
 * @throws NODE_PATTERN for a group that the pattern hasn't got
 */
export function fillTemplate(template: string, match: RegExpExecArray): string {
  return template.replace(/\\(?:g<(\w+)>|([1-9]\d?)|([\s\S]))/gu, (text, ...found: readonly (string | undefined)[]) => {
    const [named, number, other = ""] = found;
    const group = named ?? number;
    if (group !== undefined) {
      const isNumber = /^\d+$/.test(group);
      const groups = match.groups ?? {};
      if (isNumber ? Number(group) >= match.length : !Object.hasOwn(groups, group))
        throw new NodeError("NODE_PATTERN", `Cannot replace with ${quote(template)}: the pattern has no group ${quote(group)}`);
      return (isNumber ? match[Number(group)] : groups[group]) ?? "";
    }
    const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", f: "\f", v: "\v", a: "\x07", "0": "\0", "\\": "\\" };
    return escapes[other] ?? text;
  });
}
