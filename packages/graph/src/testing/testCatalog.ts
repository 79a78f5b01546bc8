import type { Catalog, InputSection, NodeInfo } from "../schema/nodeInfo.js";

function node(name: string, required: InputSection, output: readonly string[], more: Partial<NodeInfo> = {}): NodeInfo {
  return {
    input: { required },
    output,
    output_name: output,
    name,
    display_name: name,
    description: "",
    python_module: "nodes",
    category: "test",
    output_node: false,
    ...more,
  };
}

/** A few nodes with every kind of input. */
export const testCatalog: Catalog = {
  Load: node("Load", { file: ["COMBO", {}] }, ["MODEL", "CLIP"]),
  Sample: node(
    "Sample",
    {
      model: ["MODEL"],
      seed: ["INT", { default: 0, min: 0, max: 18446744073709551615n }],
      steps: ["INT", { default: 20, min: 1, max: 10000 }],
      cfg: ["FLOAT", { default: 8, min: 0, max: 100 }],
      sampler: [["euler", "heun", "dpm_2"]],
    },
    ["LATENT"],
  ),
  Text: node("Text", { text: ["STRING", { multiline: true }], clip: ["CLIP"] }, ["CONDITIONING"]),
  Flag: node("Flag", { on: ["BOOLEAN", { default: true }], any: ["*"] }, ["INT,FLOAT"]),
  Pass: node("Pass", { any: ["*"] }, ["*"]),
  Choose: node("Choose", { names: ["COMBO", { options: ["a", "b", "c"], multiselect: true }] }, ["STRING"]),
  Save: node("Save", { latent: ["LATENT"], prefix: ["STRING", { default: "out" }] }, [], { output_node: true }),
};
