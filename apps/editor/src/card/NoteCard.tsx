import { NodeResizeControl, type NodeProps } from "@xyflow/react";
import { lazy, memo, Suspense, useState, type JSX } from "react";
import type { FlowNode } from "../canvas/flowModel.js";
import { useDocument, useStudio } from "../session/studio.js";
import { headerHeight } from "./cardGeometry.js";
import { CardTitle } from "./CardTitle.js";
import { resizeCard } from "./resizeCard.js";

// Only notes need it, so it is fetched with the first one.
const Markdown = lazy(() => import("react-markdown"));

/** A note: words beside the graph. One in Markdown is shown set, and written plain while it is edited. */
export const NoteCard = memo(function NoteCard({ id, selected, height }: NodeProps<FlowNode>): JSX.Element | null {
  const studio = useStudio();
  const node = useDocument(({ document }) => document.nodes[id]);
  const [editing, setEditing] = useState(false);
  if (!node) return null;
  const text = node.inputs["text"];
  return (
    <div className={selected ? "note selected" : "note"} style={{ height }} data-node={id} data-type={node.type}>
      <header className="card-header">
        <CardTitle id={id} title={node.title ?? "Note"} />
      </header>
      {node.type === "MarkdownNote" && !editing && typeof text === "string" && text !== "" ? (
        <div
          className="note-text nowheel"
          role="button"
          tabIndex={0}
          title="Double-click to write"
          onDoubleClick={() => setEditing(true)}
          onKeyDown={(event) => event.key === "Enter" && setEditing(true)}
        >
          <Suspense fallback={null}>
            <Markdown>{text}</Markdown>
          </Suspense>
        </div>
      ) : (
        <textarea
          className="nodrag nowheel"
          aria-label="Note"
          placeholder="Words beside the graph"
          autoFocus={editing}
          onBlur={() => setEditing(false)}
          value={typeof text === "string" ? text : ""}
          onChange={(event) =>
            studio.document.getState().apply([{ kind: "setInput", node: id, name: "text", value: event.target.value }], {
              label: "Write a note",
              mergeKey: `note ${id}`,
            })
          }
        />
      )}
      <NodeResizeControl
        className="card-resize"
        position="bottom-right"
        minWidth={168}
        minHeight={80}
        onResize={(_, size) => resizeCard(studio, id, [size.width, size.height - headerHeight])}
        onResizeEnd={(_, size) => resizeCard(studio, id, [size.width, size.height - headerHeight], true)}
      />
    </div>
  );
});
