import { Handle, Position } from "@xyflow/react";
import { memo, type CSSProperties, type JSX } from "react";
import { useView } from "../session/studio.js";
import { socketShape, typeColour } from "../theme/typeColour.js";

export interface SocketProps {
  readonly node: string;
  readonly port: string;
  readonly label: string;
  readonly type: string;
  readonly side: "input" | "output";
  readonly y: number;
  readonly linked: boolean;
  /** Sockets of fields step back until they are wanted. */
  readonly quiet?: boolean;
}

/** Where a wire ends: round for tensors, a diamond for models, a square for values. */
export const Socket = memo(function Socket({ node, port, label, type, side, y, linked, quiet = false }: SocketProps): JSX.Element {
  const state = useView(({ connecting }) => {
    if (!connecting) return "rest";
    if (connecting.node === node && connecting.port === port) return "held";
    const wanted = connecting.direction === "fromOutput" ? "input" : "output";
    return side === wanted && connecting.fits(node, port) ? "fits" : "faded";
  });
  const input = side === "input";
  return (
    <Handle
      id={port}
      type={input ? "target" : "source"}
      position={input ? Position.Left : Position.Right}
      className={`socket ${socketShape(type)} ${state}${linked ? " linked" : ""}${quiet ? " quiet" : ""}`}
      style={{ top: y, "--type": typeColour(type) } as CSSProperties}
      title={`${label}: ${type === "*" ? "anything" : type}`}
      role="img"
      aria-label={`${input ? "Input" : "Output"} ${label}, ${type}`}
      isConnectableStart
      isConnectableEnd
    />
  );
});
