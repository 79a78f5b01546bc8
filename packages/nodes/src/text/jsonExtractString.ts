import { getOwn, GraphError, isJsonObject, parseJson, type JsonValue } from "@patchbay/graph";
import { defineNode } from "../defineNode.js";
import { string } from "../inputs.js";
import { pythonText } from "./pythonText.js";

export const jsonExtractString = defineNode({
  type: "JsonExtractString",
  displayName: "Extract Text from JSON",
  category: "text",
  description: "The text of one field of a JSON object; nothing where there is no such field, or no JSON.",
  module: "comfy_extras.nodes_string",
  inputs: { json_string: string({ multiline: true }), key: string({ multiline: false }) },
  outputs: { STRING: "STRING" },
  run({ json_string, key }) {
    const data = readJson(json_string);
    const value = isJsonObject(data) ? getOwn(data, key) : undefined;
    return { STRING: value === undefined || value === null ? "" : pythonText(value) };
  },
});

function readJson(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof GraphError) return undefined;
    throw error;
  }
}
