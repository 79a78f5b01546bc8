import type { InputSchema, JsonValue } from "@patchbay/graph";
import { quote } from "./quote.js";
import type { InputProblem } from "./validatePrompt.js";

/** What is wrong with a value that a graph gives to an input; undefined when nothing is. Texts of numbers count as numbers, as in ComfyUI. */
export function checkLiteral(value: JsonValue, input: InputSchema): InputProblem | undefined {
  switch (input.kind) {
    case "int":
    case "float": {
      const number = numberOf(value, input.kind);
      return number === undefined
        ? wrongType(value, input, input.kind === "int" ? "a whole number" : "a number")
        : checkRange(number, input);
    }
    case "string":
      return typeof value === "object" ? wrongType(value, input, "a text") : undefined;
    case "boolean":
      return typeof value === "boolean" || typeof value === "number" ? undefined : wrongType(value, input, "true or false");
    case "combo":
      return checkChoice(value, input);
    case "link":
      return {
        code: "GRAPH_INPUT_UNLINKED",
        message: `"${input.name}" is ${quote(value)}: it takes no value, link an output of type ${input.type}`,
      };
    default:
      return undefined;
  }
}

/** The number a value stands for; a fraction is cut off for whole numbers. Undefined when it is none. */
function numberOf(value: JsonValue, kind: "int" | "float"): number | bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isFinite(value) ? (kind === "int" ? Math.trunc(value) : value) : undefined;
  if (typeof value !== "string" || value.length > 100) return undefined;
  const text = value.trim();
  if (kind === "int") return /^[+-]?\d{1,40}$/.test(text) ? BigInt(text.replace("+", "")) : undefined;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

function checkRange(value: number | bigint, { name, min, max }: InputSchema): InputProblem | undefined {
  if ((min === undefined || value >= min) && (max === undefined || value <= max)) return undefined;
  const right = min === undefined ? `at most ${max}` : max === undefined ? `at least ${min}` : `from ${min} to ${max}`;
  return { code: "GRAPH_INPUT_RANGE", message: `"${name}" is ${value}: it must be ${right}` };
}

function checkChoice(value: JsonValue, input: InputSchema): InputProblem | undefined {
  const { name, options } = input;
  if (!options) return typeof value === "string" ? undefined : wrongType(value, input, "the name of a file");
  if (options.includes(value)) return undefined;
  const shown = options.slice(0, 24).map(quote).join(", ");
  const more = options.length > 24 ? `, and ${options.length - 24} more` : "";
  return { code: "GRAPH_INPUT_CHOICE", message: `"${name}" is ${quote(value)}: it must be one of ${shown}${more}` };
}

function wrongType(value: JsonValue, { name }: InputSchema, right: string): InputProblem {
  return { code: "GRAPH_INPUT_TYPE", message: `"${name}" is ${quote(value)}: it must be ${right}` };
}
