import { deflateSync, constants } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GraphError } from "../graphError.js";
import { isPng, readPngChunks } from "./chunks.js";
import { crc32 } from "./crc32.js";
import { inflateZlib } from "./inflate.js";
import { readPngText, stripPngText, writePngText } from "./pngText.js";

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  out.set(ascii(type), 4);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
  return out;
}

const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
const head = join(ascii("\x89PNG\r\n\x1a\n"), chunk("IHDR", Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0)));
const tail = join(chunk("IDAT", deflateSync(Uint8Array.of(0, 128))), chunk("IEND", new Uint8Array()));
const png = (...chunks: Uint8Array[]): Uint8Array => join(head, ...chunks, tail);

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof GraphError) return error.code;
    throw error;
  }
  return "none";
}

test("CRC-32 of the standard's check value", () => {
  expect(crc32(ascii("123456789"))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array())).toBe(0);
});

describe("chunks", () => {
  test("come in order with their data and offset", () => {
    expect(readPngChunks(png(), { checkCrc: true }).map(({ type, offset }) => [type, offset])).toEqual([
      ["IHDR", 8],
      ["IDAT", 33],
      ["IEND", png().length - 12],
    ]);
    expect(isPng(png())).toBe(true);
    expect(isPng(png().subarray(1))).toBe(false);
  });

  test("a file cut anywhere is refused", () => {
    const whole = png(chunk("tEXt", ascii("a\0b")));
    for (let end = 0; end < whole.length; end++) expect(code(() => readPngChunks(whole.subarray(0, end)))).toBe("GRAPH_PNG_INVALID");
    expect(code(() => readPngChunks(whole))).toBe("none");
  });

  test("lying lengths, foreign types, a wrong order and a wrong CRC are refused", () => {
    const lying = png();
    new DataView(lying.buffer).setUint32(33, 0x7fffffff);
    expect(code(() => readPngChunks(lying))).toBe("GRAPH_PNG_INVALID");
    new DataView(lying.buffer).setUint32(33, 0xffffffff);
    expect(code(() => readPngChunks(lying))).toBe("GRAPH_PNG_INVALID");
    expect(code(() => readPngChunks(png(chunk("a b!", ascii("")))))).toBe("GRAPH_PNG_INVALID");
    expect(code(() => readPngChunks(join(head.subarray(0, 8), tail)))).toBe("GRAPH_PNG_INVALID");
    const flipped = png();
    flipped[20] = 9;
    expect(code(() => readPngChunks(flipped))).toBe("none");
    expect(code(() => readPngChunks(flipped, { checkCrc: true }))).toBe("GRAPH_PNG_INVALID");
  });

  test("100,000 chunks are enough", () => {
    const empty = chunk("teSt", new Uint8Array());
    const many = Buffer.alloc(empty.length * 100_001, empty);
    expect(code(() => readPngChunks(png(many)))).toBe("GRAPH_PNG_INVALID");
  });
});

describe("texts", () => {
  const text = (png: Uint8Array, keyword = "workflow", maxBytes?: number): string | undefined =>
    readPngText(png, maxBytes === undefined ? {} : { maxBytes }).get(keyword);

  test("tEXt, zTXt and iTXt, packed and not, are read", () => {
    const json = '{"title":"Grüße ✓"}';
    const utf8 = new TextEncoder().encode(json);
    const packed = deflateSync(utf8);
    expect(text(png(chunk("tEXt", ascii("workflow\0{}"))))).toBe("{}");
    expect(text(png(chunk("tEXt", join(ascii("workflow\0"), utf8))))).toBe(json);
    expect(text(png(chunk("tEXt", ascii("workflow\0gr\xfcn"))))).toBe("grün");
    expect(text(png(chunk("zTXt", join(ascii("workflow\0\0"), packed))))).toBe(json);
    expect(text(png(chunk("iTXt", join(ascii("workflow\0\0\0de\0Ablauf\0"), utf8))))).toBe(json);
    expect(text(png(chunk("iTXt", join(ascii("workflow\0\x01\0\0\0"), packed))))).toBe(json);
  });

  test("of a repeated keyword the first counts", () => {
    expect(text(png(chunk("tEXt", ascii("workflow\0a")), chunk("tEXt", ascii("workflow\0b"))))).toBe("a");
  });

  test.each([
    ["no keyword", chunk("tEXt", ascii("\0x"))],
    ["no end of the keyword", chunk("tEXt", ascii("workflow"))],
    ["a keyword of 80 bytes", chunk("tEXt", ascii(`${"k".repeat(80)}\0x`))],
    ["an unknown method", chunk("zTXt", ascii("k\0\x01x"))],
    ["an unknown method", chunk("iTXt", ascii("k\0\x02\0\0\0x"))],
    ["an end before its text", chunk("iTXt", ascii("k\0\0\0en"))],
  ])("a chunk with %s is refused", (_, bad) => {
    expect(code(() => readPngText(png(bad)))).toBe("GRAPH_PNG_INVALID");
  });

  test("an iTXt that is not UTF-8 and a zTXt that is not zlib are refused", () => {
    expect(code(() => readPngText(png(chunk("iTXt", ascii("k\0\0\0\0\0\xff")))))).toBe("GRAPH_TEXT_INVALID");
    expect(code(() => readPngText(png(chunk("zTXt", ascii("k\0\0nonsense")))))).toBe("GRAPH_DEFLATE_INVALID");
  });

  test("texts are capped together, and a bomb before it is blown up", () => {
    const bomb = deflateSync(new Uint8Array(50_000_000));
    const before = process.memoryUsage().arrayBuffers;
    const file = png(chunk("zTXt", join(ascii("workflow\0\0"), bomb)));
    expect(code(() => readPngText(file, { maxBytes: 1_000_000 }))).toBe("GRAPH_TOO_LARGE");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
    const two = png(chunk("tEXt", ascii(`a\0${"x".repeat(60)}`)), chunk("tEXt", ascii(`b\0${"x".repeat(60)}`)));
    expect(code(() => readPngText(two, { maxBytes: 120 }))).toBe("none");
    expect(code(() => readPngText(two, { maxBytes: 119 }))).toBe("GRAPH_TOO_LARGE");
  });

  test("what is written is read again, and the picture stays", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme-ascii" }), (a, b) => {
        const written = writePngText(png(), { workflow: a, prompt: b });
        expect(readPngText(written, { checkCrc: true })).toEqual(
          new Map([
            ["workflow", a],
            ["prompt", b],
          ]),
        );
        expect(stripPngText(written)).toEqual(png());
      }),
      { numRuns: 50 },
    );
  });

  test("other texts go unless they are to be kept", () => {
    const file = png(chunk("tEXt", ascii("Software\0x")), chunk("tEXt", ascii("prompt\0old")));
    expect([...readPngText(writePngText(file, { prompt: "new" }))]).toEqual([["prompt", "new"]]);
    expect(Object.fromEntries(readPngText(writePngText(file, { prompt: "new" }, { keep: true })))).toEqual({
      Software: "x",
      prompt: "new",
    });
    expect(code(() => writePngText(file, { "": "x" }))).toBe("GRAPH_PNG_INVALID");
    expect(code(() => writePngText(file, { "naïve key": "x" }))).toBe("GRAPH_PNG_INVALID");
  });
});

describe("inflateZlib", () => {
  const settings = fc.record({
    level: fc.integer({ min: 0, max: 9 }),
    strategy: fc.constantFrom(
      constants.Z_DEFAULT_STRATEGY,
      constants.Z_FIXED,
      constants.Z_HUFFMAN_ONLY,
      constants.Z_RLE,
      constants.Z_FILTERED,
    ),
  });
  const data = fc.oneof(
    fc.uint8Array({ maxLength: 2000 }),
    fc.string({ unit: fc.constantFrom("a", "b", "abc "), maxLength: 3000 }).map(ascii),
  );

  test("undoes zlib's deflate at every level and strategy", () => {
    fc.assert(
      fc.property(data, settings, (bytes, options) => {
        expect(Buffer.from(inflateZlib(deflateSync(bytes, options), bytes.length)).equals(bytes)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test("exactly the cap may come out", () => {
    const packed = deflateSync(new Uint8Array(70_000));
    expect(inflateZlib(packed, 70_000)).toHaveLength(70_000);
    expect(code(() => inflateZlib(packed, 69_999))).toBe("GRAPH_TOO_LARGE");
    expect(code(() => inflateZlib(deflateSync(new Uint8Array(70_000), { level: 0 }), 69_999))).toBe("GRAPH_TOO_LARGE");
  });

  test("a cut or changed stream is refused or read within the cap, never anything else", () => {
    fc.assert(
      fc.property(data, settings, fc.nat(), fc.nat(255), fc.boolean(), (bytes, options, at, byte, cut) => {
        const packed = Uint8Array.from(deflateSync(bytes, options));
        const place = at % packed.length;
        if (cut) expect(code(() => inflateZlib(packed.subarray(0, place), 10_000))).toBe("GRAPH_DEFLATE_INVALID");
        else {
          packed[place] = byte;
          expect(["none", "GRAPH_DEFLATE_INVALID", "GRAPH_TOO_LARGE"]).toContain(code(() => inflateZlib(packed, 10_000)));
        }
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ["a reserved block type", [0x78, 0x9c, 0x07, 0, 0, 0, 0]],
    ["a stored block whose length is wrong", [0x78, 0x9c, 0x01, 5, 0, 0, 0, 0, 0]],
    ["a distance before the start", [0x78, 0x9c, 0x4b, 0x04, 0x52, 0, 0, 0, 0]],
    ["a preset dictionary", [0x78, 0xbb, 0, 0, 0, 0]],
    ["another method", [0x77, 0x85, 0, 0, 0, 0]],
  ])("%s is refused", (_, bytes) => {
    expect(code(() => inflateZlib(Uint8Array.from(bytes), 1000))).toBe("GRAPH_DEFLATE_INVALID");
  });

  test("a wrong checksum is refused", () => {
    const packed = Uint8Array.from(deflateSync(ascii("hello")));
    packed[packed.length - 1]! ^= 1;
    expect(code(() => inflateZlib(packed, 1000))).toBe("GRAPH_DEFLATE_INVALID");
  });
});
