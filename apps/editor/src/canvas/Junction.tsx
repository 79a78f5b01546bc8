import type { NodeProps } from "@xyflow/react";
import { memo, type CSSProperties, type JSX } from "react";
import { Socket } from "../card/Socket.js";
import { cardOf } from "../document/cardLayout.js";
import { useCatalog, useDocument } from "../session/studio.js";
import { typeColour } from "../theme/typeColour.js";
import { junctionSize, type FlowNode } from "./flowModel.js";

/** A reroute node: a dot that a wire goes through, and others can leave from. */
export const Junction = memo(function Junction({ id, selected }: NodeProps<FlowNode>): JSX.Element | null {
  const catalog = useCatalog((state) => state.catalog);
  const card = useDocument(({ document }) => (document.nodes[id] ? cardOf(document, catalog, id) : undefined));
  const input = card?.sockets[0];
  const output = card?.outputs[0];
  if (!input || !output) return null;
  return (
    <div
      className={selected ? "junction selected" : "junction"}
      style={{ "--type": typeColour(output.type) } as CSSProperties}
      data-node={id}
      data-type="Reroute"
    >
      <Socket node={id} port={input.key} label="in" type={input.type} side="input" y={junctionSize / 2} linked={input.edge !== undefined} />
      <Socket node={id} port={output.key} label="out" type={output.type} side="output" y={junctionSize / 2} linked />
    </div>
  );
});

/** A point that a wire is led through. */
export const ReroutePoint = memo(function ReroutePoint({ selected }: NodeProps<FlowNode>): JSX.Element {
  return <div className={selected ? "reroute-point selected" : "reroute-point"} />;
});
