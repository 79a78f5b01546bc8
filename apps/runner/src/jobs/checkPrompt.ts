import { getOwn, isLink, nodeSchema, validatePrompt, type Catalog, type GraphProblem, type Prompt } from "@patchbay/graph";
import type { Problem } from "@patchbay/protocol";
import { ServerError } from "../server/serverError.js";
import { neededNodes } from "./readNewJob.js";

/** What can say whether the files that a prompt names are there; undefined when it can't just now. */
export interface FileChecker {
  check(prompt: Prompt): Promise<readonly Problem[] | undefined>;
}

/** Most problems that are told: who mends the first thousand posts again. */
const mostProblems = 1000;

/**
 * Checks a prompt against the nodes there are, then the files it names; returns the prompt to run, whose values are of their inputs' types.
 * With targets, only what they need is looked at. A graph without nodes that name files costs the worker nothing.
 * @throws ServerError with all that is wrong: GRAPH_INVALID, or the one problem's own code
 */
export async function checkPrompt(
  given: Prompt,
  targets: readonly string[] | null,
  interfaces: Catalog,
  worker: FileChecker,
): Promise<Prompt> {
  const { problems, prompt } = await checkNodes(given, targets, interfaces);
  refuse(problems);
  const naming = namingFiles(prompt, interfaces, targets && neededNodes(prompt, targets));
  if (naming) {
    const found = await worker.check(naming);
    // The part that was sent lacks all links; the worker says so, and that is no news.
    refuse((found ?? []).filter(({ code }) => !code.startsWith("GRAPH_")));
  }
  return prompt;
}

async function checkNodes(
  given: Prompt,
  targets: readonly string[] | null,
  interfaces: Catalog,
): Promise<{ readonly problems: readonly Problem[]; readonly prompt: Prompt }> {
  const first = validatePrompt(given, interfaces);
  const unknown = first.problems.some(({ code }) => code === "GRAPH_NODE_UNKNOWN");
  // Only then is it worth knowing which nodes exist elsewhere.
  const known = unknown ? (await import("@patchbay/graph/comfy-nodes")).comfyNodes() : undefined;
  const { problems, prompt } = known ? validatePrompt(given, interfaces, { known }) : first;
  if (!targets) return { problems: problems.map(problemOf), prompt };
  const needed = neededNodes(given, targets);
  const wrong = targets.flatMap((id) => targetProblem(id, given, interfaces) ?? []);
  const mine = problems.filter(({ nodeId }) => nodeId === null || needed.has(nodeId));
  return { problems: [...wrong, ...mine.map(problemOf)], prompt };
}

function targetProblem(id: string, prompt: Prompt, interfaces: Catalog): Problem | undefined {
  const node = getOwn(prompt, id);
  const info = node && getOwn(interfaces, node.class_type);
  // A type that is unknown is a problem of its own.
  if (node && (!info || nodeSchema(info).isOutputNode)) return undefined;
  const message = node
    ? `The target ${JSON.stringify(id)} (${node.class_type}) saves and shows nothing: name an output node such as SaveImage`
    : `The target ${JSON.stringify(id.slice(0, 80))} is no node of the graph`;
  return { code: "GRAPH_NO_OUTPUT", path: node ? `nodes.${id}` : "", nodeType: node?.class_type ?? null, message };
}

function problemOf({ code, path, nodeType, message }: GraphProblem): Problem {
  return { code, path, nodeType, message };
}

function refuse(problems: readonly Problem[]): void {
  const [first] = problems;
  if (!first) return;
  if (problems.length === 1) {
    throw new ServerError(first.code as ServerError["code"], 400, first.message, { problems });
  }
  const message = `The graph can't be run: ${problems.length} things are wrong with it, the first at ${first.path || "the graph"}: ${first.message}`;
  throw new ServerError("GRAPH_INVALID", 400, message, { problems: problems.slice(0, mostProblems) });
}

/** The nodes that name files, with their values but not their links; undefined when there are none. */
function namingFiles(prompt: Prompt, interfaces: Catalog, needed: ReadonlySet<string> | null): Prompt | undefined {
  const naming = new Map<string, boolean>();
  for (const [type, info] of Object.entries(interfaces)) {
    // Combos that list files are left open in the interfaces.
    naming.set(
      type,
      nodeSchema(info).inputs.some(({ kind, options }) => kind === "combo" && options === undefined),
    );
  }
  const found: [string, Prompt[string]][] = [];
  for (const [id, node] of Object.entries(prompt)) {
    if (!naming.get(node.class_type) || (needed && !needed.has(id))) continue;
    found.push([id, { ...node, inputs: Object.fromEntries(Object.entries(node.inputs).filter(([, value]) => !isLink(value))) }]);
  }
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
