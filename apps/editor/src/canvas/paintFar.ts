import { headerHeight } from "../card/cardGeometry.js";
import type { NodeRun } from "../run/runStore.js";
import { typeToken } from "../theme/typeColour.js";
import type { FlowArrays, FlowNode } from "./flowModel.js";
import { controlReach } from "./wirePath.js";

export interface FarScene {
  /** Pan in pixels, then zoom. */
  readonly transform: readonly [number, number, number];
  /** Of the view, in CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixels in a CSS pixel. */
  readonly ratio: number;
  /** The colour that a token stands for. */
  readonly colour: (token: string) => string;
  readonly hueOf: (id: string) => string;
  readonly frameHueOf: (id: string) => string | undefined;
  readonly frameTitleOf: (id: string) => string;
  /** The CSS font family of words. */
  readonly font: string;
  readonly pictureOf: (id: string) => CanvasImageSource | undefined;
  readonly stateOf: (id: string) => NodeRun["state"] | undefined;
}

/** Paints the graph as blocks: frames, wires, then cards with header, sockets and picture. What is out of sight is left out. */
export function paintFar(context: CanvasRenderingContext2D, { nodes, edges }: FlowArrays, scene: FarScene): void {
  const { transform, ratio, width, height, colour } = scene;
  const [x, y, zoom] = transform;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(zoom * ratio, 0, 0, zoom * ratio, x * ratio, y * ratio);
  const view = { left: -x / zoom, top: -y / zoom, right: (width - x) / zoom, bottom: (height - y) / zoom };
  const byId = new Map<string, FlowNode>();
  for (const node of nodes) if (node.type !== "frame") byId.set(node.id, node);
  for (const node of nodes) if (node.type === "frame" && inView(node, view)) paintFrame(context, node, scene);
  paintWires(context, edges, byId, view, scene);
  const card = colour("--card");
  const accent = colour("--accent");
  for (const node of byId.values()) if (inView(node, view)) paintCard(context, node, { ...scene, card, accent });
}

/** Of a frame's title, in CSS pixels. */
const titleSize = 12;

interface View {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function inView({ position, width = 0, height = 0 }: FlowNode, { left, top, right, bottom }: View): boolean {
  return position.x < right && position.y < bottom && position.x + width > left && position.y + height > top;
}

function paintFrame(
  context: CanvasRenderingContext2D,
  { position, width = 0, height = 0, data }: FlowNode,
  { frameHueOf, frameTitleOf, font, colour, transform }: FarScene,
): void {
  context.fillStyle = frameHueOf(data.id) ?? colour("--line-strong");
  context.globalAlpha = 0.16;
  context.fillRect(position.x, position.y, width, height);
  context.globalAlpha = 0.5;
  context.fillRect(position.x, position.y, width, headerHeight);
  context.globalAlpha = 1;
  // Words keep their size on the screen, above the frame, where they cover nothing of it.
  context.fillStyle = colour("--text-soft");
  context.font = `600 ${titleSize / transform[2]}px ${font}`;
  context.fillText(shortened(frameTitleOf(data.id), width, context), position.x, position.y - 5 / transform[2]);
}

/** As much of a text as fits a width. */
function shortened(text: string, width: number, context: CanvasRenderingContext2D): string {
  if (context.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 0 && context.measureText(`${text.slice(0, end)}…`).width > width) end--;
  return end === 0 ? "" : `${text.slice(0, end).trimEnd()}…`;
}

/** One path for all wires of a type. */
function paintWires(
  context: CanvasRenderingContext2D,
  edges: FlowArrays["edges"],
  nodes: ReadonlyMap<string, FlowNode>,
  view: View,
  { colour, transform }: FarScene,
): void {
  const paths = new Map<string, Path2D>();
  for (const edge of edges) {
    const from = handleAt(nodes.get(edge.source), edge.sourceHandle, "source");
    const to = handleAt(nodes.get(edge.target), edge.targetHandle, "target");
    if (!from || !to) continue;
    if (Math.max(from[0], to[0]) < view.left || Math.min(from[0], to[0]) > view.right) continue;
    if (Math.max(from[1], to[1]) < view.top || Math.min(from[1], to[1]) > view.bottom) continue;
    const token = typeToken(edge.data?.type ?? "*");
    let path = paths.get(token);
    if (!path) paths.set(token, (path = new Path2D()));
    const reach = controlReach(to[0] - from[0], to[1] - from[1]);
    path.moveTo(...from);
    path.bezierCurveTo(from[0] + reach, from[1], to[0] - reach, to[1], ...to);
  }
  context.lineWidth = Math.max(2, 1.25 / transform[2]);
  for (const [token, path] of paths) {
    context.strokeStyle = colour(token);
    context.globalAlpha = 0.8;
    context.stroke(path);
  }
  context.globalAlpha = 1;
}

function handleAt(node: FlowNode | undefined, id: string | null | undefined, type: "source" | "target"): [number, number] | undefined {
  const handle = node?.handles?.find((known) => known.id === id && known.type === type);
  if (!node || !handle) return undefined;
  return [node.position.x + handle.x + (handle.width ?? 0) / 2, node.position.y + handle.y + (handle.height ?? 0) / 2];
}

function paintCard(
  context: CanvasRenderingContext2D,
  node: FlowNode,
  scene: FarScene & { readonly card: string; readonly accent: string },
): void {
  const { position, width = 0, height = 0, selected } = node;
  const { card, accent, hueOf, pictureOf, stateOf, transform, colour } = scene;
  context.fillStyle = card;
  context.fillRect(position.x, position.y, width, height);
  if (node.type === "card") {
    context.fillStyle = hueOf(node.id);
    context.fillRect(position.x, position.y, width, Math.max(headerHeight * 0.5, 4 / transform[2]));
    const picture = pictureOf(node.id);
    const tall = picture instanceof HTMLImageElement ? (width * picture.naturalHeight) / picture.naturalWidth : 0;
    if (picture && tall > 0) context.drawImage(picture, position.x, position.y + height - tall, width, tall);
  }
  const state = stateOf(node.id);
  if (!selected && state !== "running" && state !== "failed") return;
  context.strokeStyle = state === "failed" ? colour("--danger") : accent;
  context.lineWidth = 2.5 / transform[2];
  context.strokeRect(position.x, position.y, width, height);
}
