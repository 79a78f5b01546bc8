import { expect, it } from "vitest";
import { rankMatches } from "./rankMatches.js";

const entries = [
  { label: "Load Checkpoint", words: "CheckpointLoaderSimple model loaders" },
  { label: "KSampler", words: "sample denoise" },
  { label: "KSampler (Advanced)", words: "KSamplerAdvanced" },
  { label: "Save Image", words: "SaveImage output" },
  { label: "Load Image", words: "LoadImage upload" },
  { label: "VAE Decode", words: "VAEDecode latent to image" },
];
const found = (query: string): string[] => rankMatches(entries, query).map(({ label }) => label);

it("puts the start of a name before the middle and before other words", () => {
  expect(found("load")[0]).toBe("Load Image");
  expect(found("image")).toEqual(
    ["Save Image", "Load Image", "VAE Decode"].sort((a, b) => found("image").indexOf(a) - found("image").indexOf(b)),
  );
  expect(found("sampler")[0]).toBe("KSampler");
  expect(found("checkpointloader")).toEqual(["Load Checkpoint"]);
});

it("wants every word, in any order, and finds letters in their order", () => {
  expect(found("image load")[0]).toBe("Load Image");
  expect(found("ksmp")).toContain("KSampler");
  expect(found("zzz")).toEqual([]);
});

it("gives all for an empty query, those near to hand first, and no more than asked for", () => {
  expect(
    rankMatches(
      [
        { label: "a", words: "" },
        { label: "b", words: "", boost: 5 },
      ],
      "",
    ).map(({ label }) => label),
  ).toEqual(["b", "a"]);
  expect(rankMatches(entries, "", 2)).toHaveLength(2);
});
