import { emptyDocument } from "@patchbay/graph";
import type { Catalog, DocumentNode, GraphDocument } from "@patchbay/graph";
import { comfyNodes } from "@patchbay/graph/comfy-nodes";
import { EditorError } from "../editorError.js";
import { applyOperations } from "../operation.js";
import type { Operation } from "../operation.js";
import { deepFreeze } from "./deepFreeze.js";

export const catalog: Catalog = comfyNodes();

/** "4.MODEL -> 3.model", the way tests write edges. */
function edgesFrom(wires: readonly string[]): GraphDocument["edges"] {
  return Object.fromEntries(
    wires.map((wire, i) => {
      const [, from, output, to, input] = /^(\S+?)\.(\S+) -> (\S+?)\.(\S+)$/.exec(wire) ?? [];
      if (from === undefined || output === undefined || to === undefined || input === undefined) throw new Error(`not a wire: ${wire}`);
      return [String(i + 1), { from: { node: from, output }, to: { node: to, input } }];
    }),
  );
}

/** A frozen document of nodes and wires. */
export function graph(
  nodes: Readonly<Record<string, string | (Partial<DocumentNode> & { type: string })>>,
  wires: readonly string[] = [],
  more: Partial<GraphDocument> = {},
): GraphDocument {
  const entries = Object.entries(nodes).map(([id, node], i): [string, DocumentNode] => [
    id,
    { position: [i * 300, 0], inputs: {}, ...(typeof node === "string" ? { type: node } : node) },
  ]);
  return deepFreeze({ ...emptyDocument(), nodes: Object.fromEntries(entries), edges: edgesFrom(wires), ...more });
}

/** A document's edges the way `graph` takes them, sorted. */
export function wiresOf({ edges }: GraphDocument): string[] {
  return Object.values(edges)
    .map(({ from, to }) => `${from.node}.${from.output} -> ${to.node}.${to.input}`)
    .sort();
}

/** ComfyUI's default graph. */
export function textToImage(): GraphDocument {
  return graph(
    {
      3: { type: "KSampler", inputs: { seed: 156680208700286, steps: 20 }, controls: { seed: "randomize" } },
      4: "CheckpointLoaderSimple",
      5: "EmptyLatentImage",
      6: { type: "CLIPTextEncode", inputs: { text: "a bottle" } },
      7: { type: "CLIPTextEncode", inputs: { text: "watermark" } },
      8: "VAEDecode",
      9: "SaveImage",
    },
    [
      "4.MODEL -> 3.model",
      "6.CONDITIONING -> 3.positive",
      "7.CONDITIONING -> 3.negative",
      "5.LATENT -> 3.latent_image",
      "4.CLIP -> 6.clip",
      "4.CLIP -> 7.clip",
      "3.LATENT -> 8.samples",
      "4.VAE -> 8.vae",
      "8.IMAGE -> 9.images",
    ],
  );
}

/** The document after the operations; that they can be undone is checked on the way. */
export function after(document: GraphDocument, operations: readonly Operation[]): GraphDocument {
  const done = applyOperations(document, operations);
  const undone = applyOperations(done.document, done.inverse).document;
  if (JSON.stringify(sorted(undone)) !== JSON.stringify(sorted(document))) throw new Error("the operations cannot be undone");
  return done.document;
}

function sorted(value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

/** The code of the EditorError that is thrown, or "none". */
export function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof EditorError) return error.code;
    throw error;
  }
  return "none";
}
