import { createHash } from "node:crypto";
import { isJsonObject, isLink, parseJson, readPrompt, stringifyJson, type JsonValue, type Prompt } from "@patchbay/graph";
import { newJobSchema, type NewJob } from "@patchbay/protocol";
import { ServerError } from "../server/serverError.js";

/** The prompt and the workflow have readers of their own, as a general schema would copy every node. */
const restSchema = newJobSchema.omit({ prompt: true, workflow: true });

/** Deepest nesting that is stored: it is written again into pictures, and read by others. */
const maxDepth = 200;

/**
 * Reads the body of POST /studio/jobs: JSON with integers beyond 2^53 kept whole. What its nodes mean is not looked at.
 * @throws ServerError HTTP_REQUEST for another form; GraphError GRAPH_* for a prompt whose structure is broken, or bytes that are no JSON
 */
export function readNewJob(body: Uint8Array): NewJob {
  const value = parseJson(body, { maxDepth });
  if (!isJsonObject(value)) throw new ServerError("HTTP_REQUEST", 400, 'The body is not a JSON object such as {"prompt": {…}}');
  const { prompt, workflow, ...rest } = value;
  const parsed = restSchema.safeParse(rest);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ServerError("HTTP_REQUEST", 400, `The body's ${issue?.path.join(".") || "keys"}: ${issue?.message ?? "not valid"}`);
  }
  if (prompt === undefined)
    throw new ServerError("HTTP_REQUEST", 400, 'The body has no "prompt": an API prompt, node ids with their nodes');
  return { ...parsed.data, prompt: readPrompt(prompt), workflow: workflow ?? null };
}

/** Graphs with more nodes have no hash: nobody asks for the job that made the same. */
const mostHashedNodes = 300;

/** Names what a prompt makes: the same for prompts that differ only in titles or the order of their nodes. */
export function graphHash(prompt: Prompt): string | null {
  const ids = Object.keys(prompt);
  if (ids.length > mostHashedNodes) return null;
  const nodes = ids.sort().map((id): JsonValue => [id, prompt[id]!.class_type, prompt[id]!.inputs]);
  return createHash("sha256")
    .update(stringifyJson(nodes, { sortKeys: true }))
    .digest("hex");
}

/** The nodes that the targets need, themselves included. */
export function neededNodes(prompt: Prompt, targets: readonly string[]): Set<string> {
  const needed = new Set<string>();
  const open = [...targets];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (needed.has(id) || !Object.hasOwn(prompt, id)) continue;
    needed.add(id);
    for (const value of Object.values(prompt[id]!.inputs)) if (isLink(value)) open.push(value[0]);
  }
  return needed;
}
