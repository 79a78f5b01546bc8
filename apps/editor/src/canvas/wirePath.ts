export type Point = readonly [number, number];

/** The SVG path of a wire: one curve, or one through each reroute point it is led by. Ends leave and arrive level. */
export function wirePath(from: Point, to: Point, through: readonly Point[] = []): string {
  const points = [from, ...through, to];
  let path = `M${from[0]},${from[1]}`;
  for (let at = 1; at < points.length; at++) path += curve(points[at - 1]!, points[at]!);
  return path;
}

function curve([x0, y0]: Point, [x1, y1]: Point): string {
  const reach = controlReach(x1 - x0, y1 - y0);
  return `C${x0 + reach},${y0} ${x1 - reach},${y1} ${x1},${y1}`;
}

/** How far the handles of a wire's curve reach out: farther when it has to come back. */
export function controlReach(dx: number, dy: number): number {
  const distance = Math.hypot(dx, dy);
  return dx >= 0 ? Math.max(Math.min(40, distance / 2), dx / 2) : Math.min(240, 40 + distance / 3);
}
