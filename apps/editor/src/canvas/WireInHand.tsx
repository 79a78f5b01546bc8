import type { ConnectionLineComponentProps } from "@xyflow/react";
import type { CSSProperties, JSX } from "react";
import { useView } from "../session/studio.js";
import { typeColour } from "../theme/typeColour.js";
import type { FlowNode } from "./flowModel.js";
import { wirePath } from "./wirePath.js";

/** The wire that is being drawn. */
export function WireInHand({ fromX, fromY, toX, toY, fromHandle, connectionStatus }: ConnectionLineComponentProps<FlowNode>): JSX.Element {
  const type = useView(({ connecting }) => connecting?.type ?? "*");
  const out = fromHandle.type === "source";
  const path = out ? wirePath([fromX, fromY], [toX, toY]) : wirePath([toX, toY], [fromX, fromY]);
  return <path d={path} className={`wire-in-hand ${connectionStatus ?? ""}`} style={{ "--type": typeColour(type) } as CSSProperties} />;
}
