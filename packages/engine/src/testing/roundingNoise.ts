import { ACTIVATIONS, UNARY_FUNCTIONS } from "@patchbay/engine-bindings";
import { interpret } from "../interpret/interpret.js";
import type { Graph } from "../ir/graph.js";
import type { HostTensor, Node } from "../ir/tensor.js";
import { relativeError } from "./compareWithOracle.js";
import { Random } from "./random.js";

/**
 * How far the outputs of a graph move, relative to their size, when every number on the way is shaken as rounding shakes it: what
 * two right ways of computing it may differ by. A graph that subtracts nearly equal numbers has much of it. `rounding` is about what
 * the sums of one op err, as a part of the op's result.
 */
export function roundingNoise(
  graph: Graph,
  inputs: Readonly<Record<string, HostTensor>>,
  exact: Readonly<Record<string, HostTensor>>,
  rounding: number,
): Record<string, number> {
  const random = new Random(1);
  const nodes = graph.nodes.map((node) => {
    const reference: typeof node.op.reference = (operands, attributes, shape) => {
      const data = node.op.reference(operands, attributes, shape);
      const size = Math.max(meanSize(data), computesGelu(node) ? meanSize(operands[0]!.data) : 0);
      return shake({ data, shape }, size * rounding, random);
    };
    return { ...node, op: { ...node.op, reference } };
  });
  const given: Record<string, HostTensor> = {};
  for (const [name, { data, shape }] of Object.entries(inputs))
    given[name] = { shape, data: data instanceof Float32Array ? shake({ data, shape }, meanSize(data) * rounding, random) : data };
  const shaken = interpret({ ...graph, nodes }, given);
  return Object.fromEntries(Object.entries(exact).map(([name, { data }]) => [name, relativeError(shaken[name]!.data, data)]));
}

/** Far below zero gelu is a small difference, 1 + erf(x), of numbers as large as what it reads. */
function computesGelu({ op, attributes: { ints } }: Node): boolean {
  switch (op.name) {
    case "unary":
      return UNARY_FUNCTIONS[ints[0]!] === "gelu";
    case "geglu":
      return true;
    case "linear":
    case "conv2d":
      return ACTIVATIONS[ints[0]!] === "gelu";
    default:
      return false;
  }
}

function meanSize(values: Float32Array | Int32Array): number {
  let squares = 0;
  for (const value of values) squares += value ** 2;
  return Math.sqrt(squares / (values.length || 1));
}

/** Each element by itself, and all of a row, of a column and of a tensor alike: an error in a mean is the same for all that it is taken from. */
function shake({ data, shape }: HostTensor, size: number, random: Random): Float32Array {
  const drawn = (): number => size * (2 * random.next() - 1);
  const width = shape.at(-1) ?? 1;
  const columns = Float64Array.from({ length: width }, drawn);
  const whole = drawn();
  let row = 0;
  return Float32Array.from(data, (value, at) => {
    if (at % width === 0) row = drawn();
    return value + whole + row + columns[at % width]! + drawn();
  });
}
