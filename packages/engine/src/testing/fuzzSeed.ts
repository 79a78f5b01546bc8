import { loadNative, type Precision } from "@patchbay/engine-bindings";
import { interpret } from "../interpret/interpret.js";
import { printGraph } from "../ir/graph.js";
import { trace } from "../ir/trace.js";
import { configureEngine } from "../runtime/engineSettings.js";
import { expectNativeMatchesOracle } from "./compareWithOracle.js";
import { randomGraph, type NetworkCase } from "./randomGraph.js";
import { roundingNoise } from "./roundingNoise.js";
import { hostTensors, shrinkCase } from "./shrinkCase.js";

interface Accuracy {
  /** What the products of an op err, as a part of its result. */
  readonly rounding: number;
  /** Of the noise that this makes in an output, how much is still right; and the least that is, which Winograd's transforms need. */
  readonly factor: number;
  readonly least: number;
  /** Outputs that may be off by more tell nothing. */
  readonly most: number;
}

const accuracies: Readonly<Record<Precision, Accuracy>> = {
  exact: { rounding: 2 ** -22, factor: 16, least: 2e-6, most: 1e-3 },
  fast: { rounding: 2 ** -9, factor: 6, least: 1e-3, most: 0.3 },
  small: { rounding: 2 ** -7, factor: 4, least: 4e-3, most: 0.3 },
};

/**
 * Compares the network of a seed with the oracle: exactly, and, for two seeds of three, in one of the other precisions.
 * @throws an Error with the seed, what differs, and the smallest part of the network that still differs
 */
export async function fuzzSeed(seed: number): Promise<void> {
  const network = randomGraph(seed);
  const other = ([[], ["fast"], ["small"]] as const)[seed % 3]!;
  try {
    for (const precision of ["exact", ...other] as const) {
      const problem = await problemOf(network, precision);
      if (problem !== undefined) throw new Error(`seed ${seed}, ${precision}: ${problem}\n${await describeLeast(network, precision)}`);
    }
  } finally {
    for (const weight of network.weights) weight.dispose();
  }
}

/** What is wrong with a case, if anything. */
async function problemOf(whole: NetworkCase, precision: Precision): Promise<string | undefined> {
  const { isa, threads } = loadNative().configuration();
  try {
    const { tolerance, build } = judgeable(whole, accuracies[precision]);
    configureEngine({ precision });
    await expectNativeMatchesOracle(whole.inputs, build, { values: whole.values, tolerance });
    return undefined;
  } catch (problem) {
    return String(problem);
  } finally {
    configureEngine({ isa, threads, precision: "exact" });
  }
}

/** The network with those of its outputs that are not mostly rounding, and how far they may be off. */
function judgeable(whole: NetworkCase, { rounding, factor, least, most }: Accuracy): { build: NetworkCase["build"]; tolerance: number } {
  const graph = trace(whole.inputs, whole.build);
  const given = hostTensors(whole);
  const noise = roundingNoise(graph, given, interpret(graph, given), rounding);
  const judged = Object.entries(noise).filter(([, part]) => least + factor * part <= most);
  return {
    tolerance: least + factor * Math.max(0, ...judged.map(([, part]) => part)),
    build(inputs) {
      const outputs = whole.build(inputs);
      return Object.fromEntries(judged.map(([name]) => [name, outputs[name]!]));
    },
  };
}

async function describeLeast(whole: NetworkCase, precision: Precision): Promise<string> {
  const { inputs, values, build } = await shrinkCase(whole, async (smaller) => (await problemOf(smaller, precision)) !== undefined);
  const shapes = Object.entries(inputs).map(([name, { shape }]) => `${name} [${shape.join(",")}]`);
  const text = printGraph(trace(inputs, build));
  return `The least that fails: ${await problemOf({ inputs, values, build }, precision)}\n${shapes.join(", ")}\n${text}`;
}
