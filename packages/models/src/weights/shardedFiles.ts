import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { EngineError } from "@patchbay/engine";
import { fileError, openWeightFile, type WeightFile } from "./weightFile.js";
import { WeightStore } from "./weightStore.js";

const MAX_INDEX_BYTES = 64_000_000;
const MAX_SHARDS = 1000;

/**
 * The tensors of one safetensors file, or of all files that a sharded model's index (`*.safetensors.index.json`: `weight_map` from
 * tensor name to file name, as Hugging Face's libraries write it) names.
 * @throws WEIGHTS_INDEX when the index is not one or a file lacks a tensor it promises; what openWeightFile throws
 */
export async function openWeights(path: string): Promise<WeightStore> {
  if (!path.endsWith(".json")) return WeightStore.of([await openWeightFile(path)]);
  const weightMap = await readIndex(path);
  const shards = [...new Set(weightMap.values())];
  if (shards.length > MAX_SHARDS) throw indexError(path, `it names ${shards.length} files, more than ${MAX_SHARDS}`);
  const files = new Map<string, WeightFile>();
  for (const shard of shards) files.set(shard, await openWeightFile(join(dirname(path), shard)));
  for (const [name, shard] of weightMap) {
    if (!files.get(shard)!.tensors.has(name)) throw indexError(path, `"${shard}" doesn't hold "${name}"`);
  }
  return WeightStore.of([...files.values()]);
}

async function readIndex(path: string): Promise<Map<string, string>> {
  const text = await readFile(path).catch((cause: unknown) => {
    throw fileError(path, cause);
  });
  if (text.length > MAX_INDEX_BYTES) throw indexError(path, `it has ${text.length} bytes, more than ${MAX_INDEX_BYTES}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.toString("utf8"));
  } catch {
    throw indexError(path, "it must be JSON");
  }
  const map = (parsed as { weight_map?: unknown } | null)?.weight_map;
  if (typeof map !== "object" || map === null || Array.isArray(map)) throw indexError(path, "it must have an object weight_map");
  const entries = Object.entries(map as Record<string, unknown>);
  for (const [name, shard] of entries) {
    // Shards lie beside the index: anything with a path could point out of the model's folder.
    const plain = typeof shard === "string" && shard === basename(shard) && shard.endsWith(".safetensors") && !shard.includes("\\");
    if (!plain)
      throw indexError(path, `the file ${JSON.stringify(shard)?.slice(0, 100)} of "${name}" must be the name of a .safetensors file`);
  }
  if (entries.length === 0) throw indexError(path, "its weight_map is empty");
  return new Map(entries as [string, string][]);
}

function indexError(path: string, problem: string): EngineError {
  return new EngineError("WEIGHTS_INDEX", `could not read the index of a sharded model "${path}": ${problem}`);
}
