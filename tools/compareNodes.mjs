// `node tools/compareNodes.mjs SCHEMAS.json…`: compares every node with its schema in ComfyUI, as lists of { class_type, display_name, category,
// inputs, outputs } state them anywhere in those files. Needs a built clone. Ends with 1 where something differs.
import { readFileSync } from "node:fs";
import { parseJson } from "../packages/graph/dist/index.js";
import { nodes } from "../packages/nodes/dist/index.js";

const OPTIONS = ["default", "min", "max", "step", "round", "advanced", "multiline", "control_after_generate"];

const schemas = new Map();
for (const path of process.argv.slice(2)) collect(parseJson(readFileSync(path)));

function collect(value) {
  if (Array.isArray(value)) value.forEach(collect);
  else if (value !== null && typeof value === "object") {
    if (value.class_type && value.inputs && !schemas.has(value.class_type)) schemas.set(value.class_type, value);
    Object.values(value).forEach(collect);
  }
}

const text = (value) => JSON.stringify(value, (_, each) => (typeof each === "bigint" ? String(each) : each)) ?? "nothing";

function* differences(info, schema) {
  const compare = (what, ours, theirs) => (text(ours) === text(theirs) ? [] : [[what, `${text(ours)}, in ComfyUI ${text(theirs)}`]]);
  yield* compare("display name", info.display_name, schema.display_name);
  yield* compare("category", info.category, schema.category);
  for (const flag of ["experimental", "deprecated"]) yield* compare(flag, info[flag] ?? false, schema[flag] ?? false);
  const ours = Object.entries({ ...info.input.required, ...info.input.optional });
  const theirs = schema.inputs.filter(({ section }) => section === "required" || section === "optional");
  yield* compare(
    "inputs",
    ours.map(([name]) => name),
    theirs.map(({ name }) => name),
  );
  for (const input of theirs) {
    const spec = ours.find(([name]) => name === input.name)?.[1];
    if (!spec) continue;
    const [type, options = {}] = spec;
    yield* compare(`${input.name} type`, Array.isArray(type) ? "COMBO" : type, input.type);
    if (input.options) yield* compare(`${input.name} options`, Array.isArray(type) ? type : options.options, input.options);
    for (const option of OPTIONS) {
      const first = option === "default" && input.type === "COMBO" && input[option] === input.options?.[0];
      if (input[option] !== undefined && !first) yield* compare(`${input.name} ${option}`, options[option], input[option]);
    }
  }
  yield* compare("outputs", info.output, schema.outputs.map(({ type }) => type)); // prettier-ignore
  yield* compare("output names", info.output_name, schema.outputs.map(({ name, type }) => name ?? type)); // prettier-ignore
}

let wrong = 0;
for (const node of nodes) {
  const schema = schemas.get(node.type);
  const found = schema ? [...differences(node.info(), schema)] : [["schema", "none in these files"]];
  for (const [what, how] of found) process.stdout.write(`${node.type}: ${what}: ${how}\n`);
  wrong += found.length;
}
process.stdout.write(`${nodes.length} nodes, ${wrong} differences\n`);
process.exitCode = wrong > 0 ? 1 : 0;
