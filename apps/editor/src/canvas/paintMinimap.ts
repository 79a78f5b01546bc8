import type { NodeRun } from "../run/runStore.js";
import type { FlowNode } from "./flowModel.js";

/** How canvas units go to the map's pixels: (x - left) · scale. */
export interface GraphMap {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

export interface MinimapScene {
  readonly map: GraphMap;
  /** Pan in pixels, then zoom, of the canvas. */
  readonly transform: readonly [number, number, number];
  /** The canvas, in CSS pixels. */
  readonly view: { readonly width: number; readonly height: number };
  readonly ratio: number;
  readonly colour: (token: string) => string;
  readonly hueOf: (id: string) => string;
  readonly frameHueOf: (id: string) => string | undefined;
  readonly stateOf: (id: string) => NodeRun["state"] | undefined;
}

const margin = 8;

/** The map on which all nodes fit, centred. */
export function mapOf(nodes: readonly FlowNode[], { width, height }: { readonly width: number; readonly height: number }): GraphMap {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { position, width: across = 0, height: down = 0 } of nodes) {
    left = Math.min(left, position.x);
    top = Math.min(top, position.y);
    right = Math.max(right, position.x + across);
    bottom = Math.max(bottom, position.y + down);
  }
  if (left > right) return { left: 0, top: 0, scale: 0.1 };
  const scale = Math.min((width - 2 * margin) / Math.max(1, right - left), (height - 2 * margin) / Math.max(1, bottom - top), 0.2);
  return { left: (left + right) / 2 - width / 2 / scale, top: (top + bottom) / 2 - height / 2 / scale, scale };
}

/** Paints frames, then cards by their category's hue, then what is seen of it all. */
export function paintMinimap(context: CanvasRenderingContext2D, nodes: readonly FlowNode[], scene: MinimapScene): void {
  const { map, transform, view, ratio, colour } = scene;
  const { canvas } = context;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const box = ({ position, width = 0, height = 0 }: FlowNode): [number, number, number, number] => [
    (position.x - map.left) * map.scale,
    (position.y - map.top) * map.scale,
    Math.max(1.5, width * map.scale),
    Math.max(1.5, height * map.scale),
  ];
  for (const node of nodes) {
    if (node.type !== "frame") continue;
    context.fillStyle = scene.frameHueOf(node.data.id) ?? colour("--line-strong");
    context.globalAlpha = 0.3;
    context.fillRect(...box(node));
  }
  context.globalAlpha = 0.85;
  for (const node of nodes) {
    if (node.type === "frame" || node.type === "reroute") continue;
    const state = scene.stateOf(node.id);
    context.fillStyle =
      state === "failed" ? colour("--danger") : state === "running" || node.selected ? colour("--accent") : scene.hueOf(node.id);
    context.fillRect(...box(node));
  }
  const [x, y, zoom] = transform;
  context.globalAlpha = 1;
  context.strokeStyle = colour("--text");
  context.lineWidth = 1;
  context.strokeRect(
    Math.round((-x / zoom - map.left) * map.scale) + 0.5,
    Math.round((-y / zoom - map.top) * map.scale) + 0.5,
    Math.round((view.width / zoom) * map.scale),
    Math.round((view.height / zoom) * map.scale),
  );
}
