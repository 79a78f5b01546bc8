import { isLink, type Prompt } from "../comfy/prompt.js";
import { GraphError } from "../graphError.js";
import { quote } from "../json/jsonValue.js";
import { stringifyJson } from "../json/stringifyJson.js";
import { PriorityQueue } from "./priorityQueue.js";

/** A node to run, and the key of its result: equal for equal results. */
export interface PlannedNode {
  readonly id: string;
  readonly cacheKey: string;
  /** The nodes that its inputs are linked to, each once. */
  readonly origins: readonly string[];
  /** It is one of the outputs that the run is for, not only needed by one. */
  readonly isTarget: boolean;
}

export interface PlanOptions {
  readonly isOutputNode: (id: string) => boolean;
  /** What a node's result depends on besides its inputs. */
  readonly fingerprint: (id: string) => string;
  /** Inputs that the node declares: others don't count. */
  readonly hasInput: (id: string, name: string) => boolean;
  /** Output nodes to run, others are passed over; null for all. */
  readonly targets: readonly string[] | null;
  /** A collision-free hash of a text, such as SHA-256 in hexadecimal digits. */
  readonly hash: (text: string) => string;
}

/**
 * The nodes to run for some outputs, in ComfyUI's order: of those that can run, an output node first, then one that feeds an output node, then
 * one two steps away, then the first that was found. Every key is made of all that a result depends on, node ids apart.
 * @throws GRAPH_CYCLE; GRAPH_NO_OUTPUT where no target is an output node; GRAPH_LINK_INVALID for a link from a node that is not there
 */
export function planRun(prompt: Prompt, options: PlanOptions): PlannedNode[] {
  const targets = (options.targets ?? Object.keys(prompt)).filter((id) => Object.hasOwn(prompt, id) && options.isOutputNode(id));
  if (options.targets && targets.length === 0) {
    const named = options.targets.slice(0, 5).map((id) => quote(id));
    throw new GraphError("GRAPH_NO_OUTPUT", "", `None of the targets ${named.join(", ") || "(none given)"} is an output node of the graph`);
  }
  const needs = gatherNeeds(prompt, targets, options);
  const feeds = new Map<string, string[]>([...needs.keys()].map((id) => [id, []]));
  for (const [id, needed] of needs) for (const origin of needed) feeds.get(origin)!.push(id);
  const open = new Map([...needs].map(([id, needed]) => [id, needed.size]));
  const places = new Map([...needs.keys()].map((id, place) => [id, place]));
  const steps = stepsToOutputs(feeds, options);
  const ready = new PriorityQueue<string>();
  const add = (id: string): void => ready.add(id, steps.get(id)! * needs.size + places.get(id)!);
  for (const [id, count] of open) if (count === 0) add(id);
  const keys = new Map<string, string>();
  const wanted = new Set(targets);
  const plan: PlannedNode[] = [];
  for (let id = ready.take(); id !== undefined; id = ready.take()) {
    const cacheKey = cacheKeyOf(id, prompt, keys, options);
    keys.set(id, cacheKey);
    plan.push({ id, cacheKey, origins: [...needs.get(id)!], isTarget: wanted.has(id) });
    for (const next of feeds.get(id)!) {
      const left = open.get(next)! - 1;
      open.set(next, left);
      if (left === 0) add(next);
    }
  }
  if (plan.length < needs.size) {
    const stuck = [...needs.keys()].filter((id) => !keys.has(id));
    throw new GraphError("GRAPH_CYCLE", `nodes.${stuck[0]!}`, `The links of the nodes ${stuck.slice(0, 5).join(", ")} run in a circle`);
  }
  return plan;
}

/** Targets and all they need, each with the nodes it is linked to; in the order in which they are found from the targets. */
function gatherNeeds(prompt: Prompt, targets: readonly string[], options: PlanOptions): Map<string, Set<string>> {
  const needs = new Map<string, Set<string>>();
  const stack = [...targets].reverse();
  while (stack.length > 0) {
    const id = stack.pop()!;
    if (needs.has(id)) continue;
    const origins = new Set<string>();
    for (const [name, value] of Object.entries(prompt[id]!.inputs)) {
      if (!isLink(value) || !options.hasInput(id, name)) continue;
      if (!Object.hasOwn(prompt, value[0])) {
        const path = `nodes.${id}.inputs.${name}`;
        throw new GraphError("GRAPH_LINK_INVALID", path, `The link comes from node ${quote(value[0])}, which the graph does not have`);
      }
      origins.add(value[0]);
    }
    needs.set(id, origins);
    for (const origin of [...origins].reverse()) stack.push(origin);
  }
  return needs;
}

/** By node: 0 for an output node, 1 for one that feeds an output node, 2 for one two steps away, 3 for all others. */
function stepsToOutputs(feeds: ReadonlyMap<string, readonly string[]>, { isOutputNode }: PlanOptions): Map<string, number> {
  const steps = new Map([...feeds.keys()].map((id) => [id, isOutputNode(id) ? 0 : 3]));
  for (const step of [1, 2]) {
    for (const [id, next] of feeds) {
      if (steps.get(id) === 3 && next.some((each) => steps.get(each) === step - 1)) steps.set(id, step);
    }
  }
  return steps;
}

function cacheKeyOf(id: string, prompt: Prompt, keys: ReadonlyMap<string, string>, { fingerprint, hasInput, hash }: PlanOptions): string {
  const { class_type: type, inputs } = prompt[id]!;
  const values = Object.entries(inputs)
    .filter(([name]) => hasInput(id, name))
    .map(([name, value]) => [name, isLink(value) ? { link: keys.get(value[0])!, slot: value[1] } : { value }]);
  const text = stringifyJson([type, fingerprint(id), Object.fromEntries(values)], { sortKeys: true, python: true });
  return hash(text);
}
