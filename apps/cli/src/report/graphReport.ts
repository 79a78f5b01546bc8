import { GraphError, readGraph, readPngText, toPrompt, type GraphKind } from "@patchbay/graph";
import { comfyNodes } from "@patchbay/graph/comfy-nodes";
import type { FileReport } from "./fileReport.js";

const titles: Readonly<Record<GraphKind, string>> = {
  document: "Patchbay document",
  prompt: "API prompt",
  workflow: "UI workflow",
  png: "PNG that carries a graph",
};

/** A graph file for people and as data. @throws GRAPH_* */
export function graphReport(bytes: Uint8Array): FileReport {
  const { kind, document, prompt = toPrompt(document, comfyNodes()), warnings } = readGraph(bytes, { catalog: comfyNodes() });
  const nodes: Record<string, number> = {};
  for (const { class_type: type } of Object.values(prompt)) nodes[type] = (nodes[type] ?? 0) + 1;
  const subgraphs = Object.keys(document.subgraphs).length;
  const lines = [
    `${titles[kind]}: ${Object.keys(prompt).length} nodes that run, ${Object.keys(document.nodes).length} drawn${subgraphs > 0 ? `, ${subgraphs} subgraphs` : ""}`,
    ...Object.entries(nodes)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([type, count]) => `  ${type}${count > 1 ? ` × ${count}` : ""}`),
    ...warnings.map(({ path, message }) => `  note: ${path ? `${path}: ` : ""}${message}`),
  ];
  return { lines, data: { kind, nodes, subgraphs, warnings } };
}

/** A PNG for people and as data: its size, its texts, and the graph it carries. @throws GRAPH_PNG_INVALID */
export function pictureReport(bytes: Uint8Array): FileReport {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts = [...readPngText(bytes)].map(([keyword, text]) => ({ keyword, length: text.length }));
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const graph = graphIn(bytes);
  return {
    lines: [
      `PNG picture: ${width}×${height}`,
      ...texts.map(({ keyword, length }) => `  text "${keyword}": ${length} characters`),
      ...(graph ? graph.lines : ["  no graph"]),
    ],
    data: { ...graph?.data, kind: "picture", width, height, texts, carries: graph ? "graph" : null },
  };
}

function graphIn(bytes: Uint8Array): FileReport | undefined {
  try {
    return graphReport(bytes);
  } catch (error) {
    if (error instanceof GraphError && error.code === "GRAPH_PNG_NO_GRAPH") return undefined;
    throw error;
  }
}
