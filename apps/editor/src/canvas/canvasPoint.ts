import type { Studio } from "../session/studio.js";
import type { Point } from "../view/viewStore.js";

/** A point of the window, in pixels, in canvas units; the origin while there is no canvas. */
export function canvasPoint({ current }: Studio["canvas"], [x, y]: Point): Point {
  const point = current?.screenToFlowPosition({ x, y }) ?? { x: 0, y: 0 };
  return [point.x, point.y];
}

/** The middle of what is seen, in canvas units. */
export function canvasCentre(canvas: Studio["canvas"]): Point {
  return canvasPoint(canvas, [innerWidth / 2, innerHeight / 2]);
}
