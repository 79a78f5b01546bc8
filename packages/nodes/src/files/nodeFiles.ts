import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import type { Node } from "../defineNode.js";
import type { FileSource } from "../inputs.js";
import type { NodeContext } from "../nodeContext.js";
import { NodeError } from "../nodeError.js";
import { inputPath } from "./inputPath.js";

/** What is found out about the files a node names, before it is run. */
export interface NodeFiles {
  /** Changes when one of the files does; "" for a node that names none. Part of the node's cache key. */
  readonly fingerprint: string;
  /** Names that lead to no file, by input. */
  readonly problems: readonly { readonly input: string; readonly error: NodeError }[];
}

type FileContext = Pick<NodeContext, "models" | "inputDir" | "outputDir" | "tempDir">;

/** Whether a node names files: `nodeFiles` finds nothing for others. */
export function namesFiles(node: Node): boolean {
  return Object.values(node.inputs).some(({ files }) => files !== undefined);
}

/** Looks the files up that a node's literal inputs name. A name that comes over a link isn't known yet: such a node is never cached. */
export async function nodeFiles(node: Node, literals: Readonly<Record<string, unknown>>, context: FileContext): Promise<NodeFiles> {
  const states: string[] = [];
  const problems: { input: string; error: NodeError }[] = [];
  for (const [input, { files }] of Object.entries(node.inputs)) {
    if (!files) continue;
    const name = Object.hasOwn(literals, input) ? literals[input] : undefined;
    if (typeof name !== "string") {
      states.push(randomUUID());
      continue;
    }
    try {
      states.push(await fileState(await findFile(files, name, context)));
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      problems.push({ input, error });
    }
  }
  return { fingerprint: states.join("\n"), problems };
}

async function findFile(files: FileSource, name: string, context: FileContext): Promise<string> {
  return files.kind === "input" ? inputPath(name, context) : context.models.resolve(files.folder, name);
}

/** What tells one state of a file from the next: cheaper than its contents, and it changes with them. */
async function fileState(path: string): Promise<string> {
  const { ino, size, mtimeNs } = await stat(path, { bigint: true });
  return `${path}:${ino}:${size}:${mtimeNs}`;
}
