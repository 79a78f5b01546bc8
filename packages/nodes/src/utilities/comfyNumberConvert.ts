import { defineNode } from "../defineNode.js";
import { scalar } from "../inputs.js";
import { NodeError, quote } from "../nodeError.js";

export const comfyNumberConvert = defineNode({
  type: "ComfyNumberConvert",
  displayName: "Convert Number",
  category: "utilities",
  description: "A number, a text of one, or a switch, as a number and as a whole number; a fraction is cut off.",
  module: "comfy_extras.nodes_number_convert",
  inputs: { value: scalar({ display_name: "value" }) },
  outputs: { FLOAT: "FLOAT", INT: "INT" },
  run({ value }) {
    const number = toNumber(value);
    const float = Number(number);
    if (!Number.isFinite(float))
      throw new NodeError("NODE_INPUT_TYPE", `"value" is ${quote(value)}: it must be a number, or the text of one`);
    return { FLOAT: float, INT: typeof number === "bigint" ? shorten(number) : wholeNumber(number) };
  },
});

/** Whole numbers of any length stay exact. */
function toNumber(value: number | bigint | string | boolean): number | bigint {
  if (typeof value !== "string") return typeof value === "boolean" ? Number(value) : value;
  const text = value.trim();
  if (/^[+-]?\d+$/.test(text)) return text.length > 400 ? NaN : BigInt(text.replace(/^\+/, ""));
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}

function wholeNumber(value: number): number | bigint {
  return Number.isSafeInteger(Math.trunc(value)) ? Math.trunc(value) : BigInt(Math.trunc(value));
}

function shorten(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
