import { NodeResizeControl, type NodeProps } from "@xyflow/react";
import { memo, useState, type CSSProperties, type JSX } from "react";
import { useDocument, useStudio } from "../session/studio.js";
import { NameInput } from "../shell/NameInput.js";
import type { FlowNode } from "./flowModel.js";
import { useFarAway } from "./useZoomLevel.js";

/** A frame behind cards: its title bar is what one takes it by. */
export const FrameBox = memo(function FrameBox({ data: { id }, selected }: NodeProps<FlowNode>): JSX.Element | null {
  const { document, view } = useStudio();
  const frame = useDocument((state) => state.document.frames[id]);
  const far = useFarAway();
  const [renaming, setRenaming] = useState(false);
  if (!frame) return null;
  const rename = (title: string | null): void => {
    setRenaming(false);
    if (title !== null) document.getState().apply([{ kind: "setFrame", id, patch: { title } }], { label: "Rename frame" });
  };
  return (
    <div
      className={selected ? "frame selected" : "frame"}
      style={{ "--hue": frame.color ?? "var(--line-strong)" } as CSSProperties}
      data-frame={id}
    >
      <div className="frame-title" onDoubleClick={() => setRenaming(true)}>
        {far ? null : renaming ? (
          <NameInput className="nodrag" label="Frame title" value={frame.title} onEnd={rename} />
        ) : (
          <span>{frame.title === "" ? "Frame" : frame.title}</span>
        )}
      </div>
      <NodeResizeControl
        className="frame-resize"
        position="bottom-right"
        minWidth={80}
        minHeight={60}
        onResize={(_, { width, height }) =>
          view.setState(({ drag }) => ({ drag: { ...drag, frames: { ...drag.frames, [id]: sized(frame.bounds, width, height) } } }))
        }
        onResizeEnd={(_, { width, height }) => {
          document
            .getState()
            .apply([{ kind: "setFrame", id, patch: { bounds: sized(frame.bounds, width, height) } }], { label: "Resize frame" });
          view.setState(({ drag }) => {
            const { [id]: _bounds, ...frames } = drag.frames;
            return { drag: { ...drag, frames } };
          });
        }}
      />
    </div>
  );
});

function sized([x, y]: readonly [number, number, number, number], width: number, height: number): [number, number, number, number] {
  return [x, y, Math.round(width), Math.round(height)];
}
