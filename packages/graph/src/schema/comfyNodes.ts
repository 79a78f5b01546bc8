import { parseJson } from "../json/parseJson.js";
import type { JsonObject } from "../json/jsonValue.js";
import { comfyNodesJson } from "./comfyNodesData.js";
import type { Catalog, NodeInfo } from "./nodeInfo.js";

let catalog: Catalog | undefined;

/**
 * The interfaces of ComfyUI's own 633 nodes in `/object_info` form, implemented here or not: what the converters need to read the
 * positional `widgets_values` of UI workflows. Parsed on the first call. Combos that list files carry no `options`.
 */
export function comfyNodes(): Catalog {
  catalog ??= expand(parseJson(comfyNodesJson) as Record<string, JsonObject>);
  return catalog;
}

function expand(data: Record<string, JsonObject>): Catalog {
  const nodes: Record<string, NodeInfo> = {};
  for (const [name, { module, ...rest }] of Object.entries(data)) {
    const entry = rest as unknown as Partial<NodeInfo> & Pick<NodeInfo, "input" | "output" | "category">;
    nodes[name] = {
      input_order: Object.fromEntries(Object.entries(entry.input).map(([section, inputs]) => [section, Object.keys(inputs)])),
      is_input_list: false,
      output_is_list: entry.output.map(() => false),
      output_name: entry.output as readonly string[],
      name,
      display_name: name,
      description: "",
      python_module: module as string,
      output_node: false,
      ...entry,
    };
  }
  return nodes;
}
