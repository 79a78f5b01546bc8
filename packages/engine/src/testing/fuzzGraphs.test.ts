import { test } from "vitest";
import { forSeeds, SEEDS_TIMEOUT } from "./forSeeds.js";
import { fuzzSeed } from "./fuzzSeed.js";
import { compareArraysByBits } from "./compareArraysByBits.js";

compareArraysByBits();

// `npm run fuzz:engine -- --seconds 600` goes on with further seeds, `-- --seconds 0 --seed N` checks one.
test("networks grown at random compute what the oracle does", { timeout: SEEDS_TIMEOUT }, async () => {
  await forSeeds(100, fuzzSeed);
});
