import { writeFileSync } from "node:fs";

/** How `fuzz.mjs` asks for a long run: seconds, the first seed, and a file that always holds the seed at work, should the process die. */
const { PATCHBAY_FUZZ_SECONDS: seconds, PATCHBAY_FUZZ_SEED: first, PATCHBAY_FUZZ_NOTE: note } = process.env;

/** Whether this is such a run. */
export const LONG_RUN = seconds !== undefined;

/** Milliseconds that a test over seeds may take, a sanitizer's slowness included. */
export const SEEDS_TIMEOUT = (600 + Number(seconds ?? 0)) * 1000;

/**
 * Checks seeds 0 … count - 1; in a long run those from its first seed on until its time is over, telling what it finds as it goes.
 * @throws what `check` throws: of a short run the first, of a long one all findings together
 */
export async function forSeeds(count: number, check: (seed: number) => Promise<unknown>): Promise<void> {
  if (!LONG_RUN) {
    for (let seed = 0; seed < count; seed++) await check(seed);
    return;
  }
  const start = performance.now();
  const minutes = (): number => (performance.now() - start) / 60_000;
  const findings: string[] = [];
  let told = 0;
  let seed = Number(first ?? 0);
  do {
    if (note !== undefined) writeFileSync(note, String(seed));
    try {
      await check(seed);
    } catch (error) {
      findings.push(error instanceof Error ? error.message : String(error));
      process.stdout.write(`\n${findings.at(-1)}\n\n`);
    }
    seed++;
    if (minutes() < told + 0.5 && minutes() * 60 < Number(seconds)) continue;
    told = minutes();
    const done = seed - Number(first ?? 0);
    process.stdout.write(`seed ${seed - 1}: ${done} seeds, ${Math.round(done / told)} a minute, ${findings.length} findings\n`);
  } while (minutes() * 60 < Number(seconds));
  if (findings.length > 0) throw new Error(findings.join("\n\n"));
}
