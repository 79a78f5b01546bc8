// Reads every PNG of a folder that carries a ComfyUI workflow and the prompt made from it, converts the workflow, and reports for how many
// files the result is exactly that prompt (class types and inputs; titles, is_changed, the order of inputs, and the marker that front ends of
// 2023 and 2024 took from their upload button, which is no input of the node, do not count). Then writes the document as a workflow again
// and compares that, and the prompt made from it, with the first.
//   npx tsc -b packages/graph && node tools/examples/convertExamples.mjs DIR [--show]
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import {
  fromWorkflow,
  getOwn,
  isPng,
  jsonEqual,
  parsePythonJson,
  readGraph,
  readPngText,
  toPrompt,
  toWorkflow,
} from "../../packages/graph/dist/index.js";
import { comfyNodes } from "../../packages/graph/dist/schema/comfyNodes.js";

const folder = process.argv[2];
const show = process.argv.includes("--show");
if (!folder) {
  console.error("usage: node tools/examples/convertExamples.mjs DIR [--show]");
  process.exit(2);
}

const catalog = comfyNodes();
let files = 0;
let exact = 0;
let nodes = 0;
let exactNodes = 0;
let roundTrips = 0;
let samePrompts = 0;
for (const path of pngFiles(folder)) {
  const bytes = readFileSync(path);
  if (!isPng(bytes)) continue;
  const texts = readPngText(bytes);
  if (!texts.has("workflow") || !texts.has("prompt")) continue;
  files++;
  const name = relative(folder, path);
  const { document, prompt: wanted } = readGraph(bytes, { catalog });
  const differences = compare(toPrompt(document, catalog), wanted);
  if (differences.length === 0) exact++;
  else console.log(`differs  ${name}${show ? `\n  ${differences.join("\n  ")}` : `  (${differences.length})`}`);
  const rewritten = toWorkflow(document, catalog);
  const again = toPrompt(fromWorkflow(rewritten, catalog), catalog);
  if (jsonEqual(again, toPrompt(document, catalog))) samePrompts++;
  else console.log(`prompt changed by a round trip  ${name}`);
  const lost = workflowDifferences(parsePythonJson(texts.get("workflow")), rewritten);
  if (lost.length === 0) roundTrips++;
  else console.log(`workflow changed by a round trip  ${name}${show ? `\n  ${lost.join("\n  ")}` : `  (${lost.length})`}`);
}
console.log(
  `${exact} of ${files} workflows give exactly the embedded prompt (${exactNodes} of ${nodes} nodes); written again, ${roundTrips} are unchanged and ${samePrompts} give the same prompt`,
);

function pngFiles(dir) {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith(".png"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function compare(got, wanted) {
  const differences = [];
  for (const id of new Set([...Object.keys(wanted), ...Object.keys(got)])) {
    const a = getOwn(got, id);
    const b = getOwn(wanted, id);
    if (b) nodes++;
    if (a && b && a.class_type === b.class_type && jsonEqual(a.inputs, withoutButton(b.inputs))) exactNodes++;
    else
      differences.push(
        `${id} ${b?.class_type ?? a.class_type}: got ${JSON.stringify(a?.inputs, show)}, wanted ${JSON.stringify(b?.inputs)}`,
      );
  }
  return differences;
}

/** The value of the upload button, under the names it had over time. */
function withoutButton(inputs) {
  return Object.fromEntries(
    Object.entries(inputs).filter(([name, value]) => !(value === "image" && (name === "upload" || name === "choose file to upload"))),
  );
}

function workflowDifferences(before, after) {
  const differences = [];
  for (const key of Object.keys({ ...before, ...after })) {
    if (key === "nodes" || key === "links") continue;
    if (!jsonEqual(before[key] ?? null, after[key] ?? null)) differences.push(`${key}: ${text(before[key])} became ${text(after[key])}`);
  }
  const byId = (list) => new Map(list.map((entry) => [String(Array.isArray(entry) ? entry[0] : entry.id), entry]));
  const linked = new Set(before.nodes.flatMap((node) => (node.inputs ?? []).map((input) => String(input.link))));
  const oldLinks = new Map([...byId(before.links)].filter(([id]) => linked.has(id)));
  for (const [id, link] of oldLinks) if (!jsonEqual(link, byId(after.links).get(id) ?? null)) differences.push(`link ${id}`);
  const afterNodes = byId(after.nodes);
  for (const node of before.nodes) {
    const other = afterNodes.get(String(node.id));
    for (const key of Object.keys({ ...node, ...other })) {
      const a = normal(key, node[key], linked);
      const b = normal(key, other?.[key], linked);
      if (!jsonEqual(a, b)) differences.push(`node ${node.id} ${node.type} ${key}: ${text(a)} became ${text(b)}`);
    }
  }
  return differences;
}

/** Old spellings of the same: positions as objects, no links as null, booleans as seed controls; and no links that no input knows. */
function normal(key, value, linked) {
  if ((key === "pos" || key === "size") && !Array.isArray(value) && value) return [value[0], value[1]];
  if (key === "outputs" && value)
    return value.map((output) => ({ ...output, links: (output.links ?? []).filter((id) => linked.has(String(id))).sort((a, b) => a - b) }));
  if (key === "widgets_values" && Array.isArray(value))
    return value.map((item) => (typeof item === "boolean" ? (item ? "randomize" : "fixed") : item));
  return value ?? null;
}

function text(value) {
  return JSON.stringify(value, (_, item) => (typeof item === "bigint" ? String(item) : item))?.slice(0, 300);
}
