import { nodeSchema, stringifyJson, type JsonObject, type JsonValue, type NodeInfo } from "@patchbay/graph";
import { comfyNodes } from "@patchbay/graph/comfy-nodes";
import { describe, expect, it } from "vitest";
import { describeNodes, nodes, nodesByType } from "./catalog.js";

const catalog = describeNodes();
const reference = comfyNodes();

/** Where combos get their values from is stated differently: the values themselves are compared apart. */
const sources = new Set([
  "options",
  "options_from_folder",
  "options_from_directory",
  "content_filter",
  "ext_filter",
  "extra_options",
  "listing",
]);

/** What clients and saved graphs rely on. */
function interfaceOf(info: NodeInfo): unknown {
  const schema = nodeSchema(info);
  return {
    display_name: info.display_name,
    category: info.category,
    python_module: info.python_module,
    output_node: info.output_node,
    deprecated: info.deprecated ?? false,
    hidden: info.input.hidden ?? {},
    inputs: schema.inputs.map(({ name, required, kind, type, spec }) => ({ name, required, kind, type, options: optionsOf(spec) })),
    outputs: schema.outputs,
  };
}

/** BigInt and number of one value are the same here, as they are in JSON. */
function optionsOf(spec: JsonObject): Record<string, string> {
  const kept = Object.entries(spec).filter(([key, value]) => !sources.has(key) && value !== undefined);
  return Object.fromEntries(
    kept.map(([key, value]) => [key, typeof value === "bigint" ? String(value) : stringifyJson(value as JsonValue)]),
  );
}

describe("the catalog", () => {
  it("names every node once", () => {
    expect(nodesByType.size).toBe(nodes.length);
  });

  it.each(nodes.map(({ type }) => type))("%s has ComfyUI's interface", (type) => {
    expect(interfaceOf(catalog[type]!)).toEqual(interfaceOf(reference[type]!));
  });

  it.each(nodes.map(({ type }) => type))("%s offers values that ComfyUI knows, in its order", (type) => {
    const theirs = new Map(nodeSchema(reference[type]!).inputs.map(({ name, options }) => [name, options]));
    for (const { name, options } of nodeSchema(catalog[type]!).inputs) {
      if (!options) continue;
      expect(options.length).toBeGreaterThan(0);
      expect(theirs.get(name)?.filter((value) => options.includes(value))).toEqual(options);
    }
  });

  it("lists files where it is told of them", () => {
    const listed = describeNodes((source) => [source.kind === "models" ? `${source.folder}.safetensors` : "a.png"]);
    expect(nodeSchema(listed["CheckpointLoaderSimple"]!).inputs[0]?.options).toEqual(["checkpoints.safetensors"]);
    expect(nodeSchema(listed["LoadImage"]!).inputs[0]?.options).toEqual(["a.png"]);
    expect(nodeSchema(catalog["LoadImage"]!).inputs[0]?.options).toBeUndefined();
  });

  it("is what the snapshot says", async () => {
    await expect(`${stringifyJson(catalog as unknown as JsonValue, { indent: 2 })}\n`).toMatchFileSnapshot("catalog.snapshot.json");
  });
});
