import type { ModelReport } from "@patchbay/runner/worker";
import type { FileReport } from "./fileReport.js";

/** Longer notes, such as training logs, are cut off in the text; --json has them whole. */
const NOTE_LENGTH = 100;

/** A model file for people and as data. */
export function modelReport({ kind, family, parts, metadata, problems }: ModelReport): FileReport {
  const lines = [family ? `${kind}: ${family.title}` : kind];
  for (const { part, tensors, parameters, bytes, dtypes, sizes } of parts) {
    const types = Object.keys(dtypes).join(", ");
    lines.push(`  ${part}: ${count(parameters)} parameters in ${tensors} tensors, ${types}, ${megabytes(bytes)}`);
    for (const [name, value] of Object.entries(sizes))
      lines.push(`    ${name}: ${Array.isArray(value) ? value.join(", ") : String(value)}`);
  }
  for (const problem of problems) lines.push(`  note: ${problem}`);
  for (const [name, value] of Object.entries(metadata)) {
    lines.push(`  ${name}: ${value.length > NOTE_LENGTH ? `${value.slice(0, NOTE_LENGTH)}… (${value.length} characters)` : value}`);
  }
  return { lines, data: { kind, family: family ?? null, parts, metadata, problems } };
}

function count(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(2)} billion`;
  return value >= 1e6 ? `${(value / 1e6).toFixed(1)} million` : String(value);
}

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
