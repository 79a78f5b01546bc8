import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clipTokenizer } from "./clipTokenizer.js";
import { parsePythonFloat } from "./parsePythonFloat.js";
import { parseWeights } from "./parseWeights.js";
import { tokenizePrompt, type FindEmbedding } from "./tokenizePrompt.js";

const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(`golden/${name}`, import.meta.url), "utf8"));

/** ComfyUI's own reading, as [text, weight] pairs; nan and inf as words. */
const weights = readJson("weights.json") as [string, [string, number | string][]][];

interface GoldenChunk {
  readonly ids: (number | string)[];
  readonly weights: (number | "inf")[];
  readonly words: number[];
}
const tokens = readJson("tokens.json") as { text: string; l: GoldenChunk[]; g?: GoldenChunk[] }[];

/** ComfyUI's own chunks: ids (0 where an embedding stands), runs of [weight, segment, count], places of embeddings; cut after the end token. */
const prompts = readJson("prompts.json") as [string, [number[], [number, number, number][], number[]][]][];

const vectors = (count: number): Float32Array[] => Array.from({ length: count }, (_, i) => Float32Array.of(i));
const embeddingsNamed =
  (sizes: Record<string, number>): FindEmbedding =>
  (name) => {
    const stem = name.replace(/\.safetensors$/, "");
    return Object.hasOwn(sizes, stem) ? vectors(sizes[stem]!) : undefined;
  };

const padded = (values: readonly number[], fill: number): number[] => [...values, ...new Array<number>(77 - values.length).fill(fill)];

describe("parseWeights", () => {
  it.each(weights)("%j", (prompt, expected) => {
    expect(
      parseWeights(prompt).map(({ text, weight }) => [
        text,
        Number.isFinite(weight)
          ? weight
          : String(weight)
              .replace(/Infinity/, "inf")
              .toLowerCase(),
      ]),
    ).toEqual(expected);
  });

  it("loses no text, whatever the brackets", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("(", ")", "\\(", "\\)", "a", "b ", "1")).map((parts) => parts.join("")),
        (prompt) => {
          const letters = (text: string): string => text.replaceAll(/[\\()]/g, "");
          expect(
            letters(
              parseWeights(prompt)
                .map(({ text }) => text)
                .join(""),
            ),
          ).toBe(letters(prompt));
        },
      ),
    );
  });

  it("refuses what is too long or too deep", () => {
    const code = "MODEL_PROMPT";
    expect(() => parseWeights("a".repeat(2 ** 20 + 1))).toThrow(expect.objectContaining({ code }));
    expect(() => parseWeights("(".repeat(5000) + "a" + ")".repeat(5000))).toThrow(expect.objectContaining({ code }));
    expect(parseWeights("(".repeat(100_000))).toHaveLength(1);
  });
});

describe("parsePythonFloat", () => {
  it.each([
    ["1_0.5e-1", 1.05],
    ["-inf", -Infinity],
    ["１.５", 1.5],
    ["", undefined],
    ["1 2", undefined],
    ["\ufeff1", undefined],
  ])("%j is %d", (text, value) => {
    expect(parsePythonFloat(text)).toBe(value);
  });
});

describe("tokenizePrompt", () => {
  const find = embeddingsNamed({ "tiny-emb": 3, "tiny-one": 1 });

  const paddings = [...tokens.map(({ text, l }) => [text, 49407, l] as const), ...tokens.map(({ text, g }) => [text, 0, g] as const)];

  it.each(paddings.flatMap(([text, padId, chunks]) => (chunks ? [[text, padId, chunks] as const] : [])))(
    "%j, padded with %i",
    (text, padId, expected) => {
      const chunks = tokenizePrompt(text, { padId, findEmbedding: find });
      expect(chunks).toHaveLength(expected.length);
      chunks.forEach((chunk, i) => {
        const { ids, weights: weightsOf, words } = expected[i]!;
        expect([...chunk.ids]).toEqual(
          padded(
            ids.map((id) => (typeof id === "string" ? 0 : id)),
            padId,
          ),
        );
        expect(chunk.embeddings.map(({ position }) => position)).toEqual(ids.flatMap((id, at) => (typeof id === "string" ? [at] : [])));
        expect([...chunk.segments]).toEqual(padded(words, 0));
        expect([...chunk.weights]).toEqual(padded(weightsOf.map(Number), 1).map((weight) => (Number.isNaN(weight) ? Infinity : weight)));
      });
    },
  );

  const shelf = embeddingsNamed({ one: 1, two: 2, nine: 9, "comma,": 1 });

  it.each(prompts.map(([text, expected]) => [text.slice(0, 60), text, expected] as const))("%j…", (_name, text, expected) => {
    const chunks = tokenizePrompt(text, { padId: 49407, findEmbedding: shelf });
    expect(chunks).toHaveLength(expected.length);
    chunks.forEach((chunk, i) => {
      const [ids, runs, places] = expected[i]!;
      expect([...chunk.ids]).toEqual(padded(ids, 49407));
      expect([...chunk.weights]).toEqual(
        padded(
          runs.flatMap(([weight, , count]) => new Array<number>(count).fill(weight)),
          1,
        ),
      );
      expect([...chunk.segments]).toEqual(
        padded(
          runs.flatMap(([, segment, count]) => new Array<number>(count).fill(segment)),
          0,
        ),
      );
      expect(chunk.embeddings.map(({ position }) => position)).toEqual(places);
    });
  });

  it("hands over each vector of an embedding in order", () => {
    const [chunk] = tokenizePrompt("a embedding:two", { padId: 0, findEmbedding: shelf });
    expect(chunk!.embeddings).toEqual([
      { position: 2, vector: Float32Array.of(0) },
      { position: 3, vector: Float32Array.of(1) },
    ]);
  });

  it("keeps chunks whole for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        for (const { ids, weights: weightsOf } of tokenizePrompt(text, { padId: 0 })) {
          expect([ids.length, ids[0], ids.includes(49407)]).toEqual([77, 49406, true]);
          expect(ids.every((id) => id >= 0 && id <= 49407)).toBe(true);
          expect(weightsOf[0]).toBe(1);
        }
      }),
    );
  });
});

describe("ClipTokenizer", () => {
  it("reads a known sentence", () => {
    expect(clipTokenizer().encode("a photo of a cat")).toEqual([320, 1125, 539, 320, 2368]);
  });
});
