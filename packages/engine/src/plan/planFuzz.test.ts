import { EngineError, loadNative, PRECISIONS, type NativePlan, type NativeWeight } from "@patchbay/engine-bindings";
import { expect, test } from "vitest";
import { trace } from "../ir/trace.js";
import { optimize } from "../passes/passes.js";
import { tileRows } from "../passes/tileRows.js";
import { SMALL_BANDS } from "../testing/compareWithOracle.js";
import { forSeeds, LONG_RUN, SEEDS_TIMEOUT } from "../testing/forSeeds.js";
import { mutatePlan } from "../testing/mutatePlan.js";
import { Random } from "../testing/random.js";
import { randomGraph } from "../testing/randomGraph.js";
import { compareArraysByBits } from "../testing/compareArraysByBits.js";
import { encodePlan } from "./encodePlan.js";
import { planMemory } from "./planMemory.js";
import { assignStorage } from "./storage.js";

compareArraysByBits();
const native = loadNative();
const MUTATIONS = 60;
/** Bytes of arena and scratch up to which a changed plan is run. */
const MOST_MEMORY = 2 ** 26;
const MARK = -7.25;
const MARGIN = 32;

test(
  "a plan whose bytes are changed is refused, or computes within its bounds and harms no other",
  { timeout: SEEDS_TIMEOUT },
  async () => {
    let ran = 0;
    await forSeeds(40, async (seed) => {
      const graph = randomGraph(seed);
      const whole = optimize(trace(graph.inputs, graph.build));
      const optimised = seed % 2 ? tileRows(whole, { ...SMALL_BANDS, again: seed % 4 === 1 ? SMALL_BANDS.least : Infinity }) : whole;
      const precision = PRECISIONS[seed % PRECISIONS.length]!;
      const stored = assignStorage(optimised);
      const { bytes, weights } = encodePlan(stored, planMemory(stored), precision);
      const handles = weights.map((weight) => weight.native());
      const inputs = Object.values(graph.values);
      const lengths = [...optimised.outputs.values()].map(({ elements }) => elements);
      const good = native.loadPlan(bytes, handles);
      const before = await run(good, inputs, lengths);
      const random = new Random(seed);
      for (let i = 0; i < MUTATIONS; i++) {
        const changed = mutatePlan(bytes, random);
        const context = `seed ${seed}, mutation ${i}`;
        const plan = load(changed, handles, context);
        if (!plan) continue;
        const { arena, workspace } = native.planMemory(plan);
        if (arena + workspace > MOST_MEMORY) continue;
        if ((await run(plan, inputs, lengths, context)) !== undefined) ran++;
        native.disposePlan(plan);
      }
      expect(await run(good, inputs, lengths), `seed ${seed}: the plan that was not changed computes something else`).toEqual(before);
      for (const weight of graph.weights) weight.dispose();
    });
    // Enough of them got past the checks; one seed alone may have none.
    if (!LONG_RUN) expect(ran).toBeGreaterThan(60);
  },
);

function load(bytes: Uint8Array, weights: readonly NativeWeight[], context: string): NativePlan | undefined {
  try {
    return native.loadPlan(bytes, weights);
  } catch (error) {
    expectCode(error, ["ENGINE_PLAN"], context);
    return undefined;
  }
}

/** The outputs, each from the middle of an array whose ends must stay as they are; undefined when the run was refused. */
async function run(
  plan: NativePlan,
  inputs: readonly (Float32Array | Int32Array)[],
  lengths: readonly number[],
  context?: string,
): Promise<Float32Array[] | undefined> {
  // Of their own, so that a sanitizer sees reads beyond them.
  const given = inputs.map((values) => values.slice());
  const whole = lengths.map((length) => new Float32Array(length + 2 * MARGIN).fill(MARK));
  const outputs = whole.map((values) => values.subarray(MARGIN, values.length - MARGIN));
  try {
    await native.run(plan, given, outputs, {});
  } catch (error) {
    if (context === undefined) throw error;
    expectCode(error, ["ENGINE_INPUT", "ENGINE_MEMORY", "ENGINE_BOUNDS"], context);
    return undefined;
  } finally {
    for (const values of whole) {
      const margins = new Set([...values.subarray(0, MARGIN), ...values.subarray(-MARGIN)]);
      expect(margins, `${context}: wrote outside an output`).toEqual(new Set([MARK]));
    }
    expect(given, `${context}: wrote to an input`).toEqual(inputs);
  }
  return outputs;
}

function expectCode(error: unknown, codes: readonly string[], context: string): void {
  expect(error, context).toBeInstanceOf(EngineError);
  expect(codes, `${context}: ${String(error)}`).toContain((error as EngineError).code);
}
