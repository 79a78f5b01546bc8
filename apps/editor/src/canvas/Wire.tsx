import { BaseEdge, type EdgeProps } from "@xyflow/react";
import { memo, type CSSProperties, type JSX } from "react";
import { progressOf } from "../run/runStore.js";
import { useDocument, useRun, useView } from "../session/studio.js";
import { typeColour } from "../theme/typeColour.js";
import { socketWidth, type FlowEdge } from "./flowModel.js";
import { wirePath, type Point } from "./wirePath.js";

/** A wire in its type's colour. While the node it comes from runs, its light grows along it. */
export const Wire = memo(function Wire({
  id,
  source,
  sourceX,
  sourceY,
  targetX,
  targetY,
  data,
  selected,
}: EdgeProps<FlowEdge>): JSX.Element {
  const through = useReroutePoints(data?.reroute ?? null);
  const dropped = useView(({ dropEdge }) => dropEdge === id);
  const progress = useRun(({ nodes }) => {
    const state = nodes[source];
    return state?.state === "running" ? (progressOf(state) ?? 0) : null;
  });
  // React Flow gives the outer edges of the sockets; a wire ends in their middle.
  const path = wirePath([sourceX - socketWidth / 2, sourceY], [targetX + socketWidth / 2, targetY], through);
  return (
    <g
      className={`wire${selected ? " selected" : ""}${dropped ? " dropped" : ""}`}
      style={{ "--type": typeColour(data?.type ?? "*") } as CSSProperties}
      data-edge={id}
    >
      <BaseEdge path={path} interactionWidth={24} className="wire-line" />
      {progress !== null && <path d={path} className="wire-progress" pathLength={1} strokeDasharray={`${progress} 1`} />}
    </g>
  );
});

const noPoints: readonly Point[] = [];

/** The reroute points of a wire from its origin on, where they are now. */
function useReroutePoints(last: string | null): readonly Point[] {
  const key = useDocument(({ document: { reroutes } }) => chain(reroutes, last).join(" "));
  const stored = useDocument(({ document }) => document.reroutes);
  const dragged = useView(({ drag }) => drag.reroutes);
  if (key === "") return noPoints;
  return key.split(" ").flatMap((id) => {
    const position = dragged[id] ?? stored[id]?.position;
    return position ? [position] : [];
  });
}

/** Ids from the origin to the target; a circle of parents ends. */
function chain(reroutes: Readonly<Record<string, { readonly parent?: string | undefined }>>, last: string | null): string[] {
  const ids: string[] = [];
  for (let id: string | undefined = last ?? undefined; id !== undefined && reroutes[id] && !ids.includes(id); id = reroutes[id]?.parent)
    ids.unshift(id);
  return ids;
}
