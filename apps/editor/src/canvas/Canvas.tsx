import type { DocumentEdge } from "@patchbay/graph";
import {
  Background,
  BackgroundVariant,
  ReactFlow,
  SelectionMode,
  type Connection,
  type EdgeChange,
  type EdgeTypes,
  type NodeChange,
  type NodeTypes,
  type OnConnectEnd,
  type OnConnectStart,
} from "@xyflow/react";
import { useCallback, useMemo, useRef, useState, type JSX, type MouseEvent, type WheelEvent } from "react";
import { NodeCard } from "../card/NodeCard.js";
import { NoteCard } from "../card/NoteCard.js";
import { leaveCopies } from "./leaveCopies.js";
import { edgeInto } from "../document/edgesByNode.js";
import { connect, disconnect } from "../document/graphEdits/connect.js";
import { useStudio } from "../session/studio.js";
import { select, type Point } from "../view/viewStore.js";
import { canvasPoint } from "./canvasPoint.js";
import { flowPart } from "./flowId.js";
import { BoxSelecting } from "./boxSelecting.js";
import { beginConnection } from "./connecting.js";
import { Dragging } from "./dragging.js";
import { FarLayer } from "./FarLayer.js";
import type { FlowEdge, FlowNode } from "./flowModel.js";
import { FrameBox } from "./FrameBox.js";
import { Junction, ReroutePoint } from "./Junction.js";
import { longPress } from "./longPress.js";
import { Minimap } from "./Minimap.js";
import { useShowsMinimap } from "./showsMinimap.js";
import { applySelection } from "./selecting.js";
import { takeWire } from "./takeWire.js";
import { useFarAway } from "./useZoomLevel.js";
import { useFlowFeed } from "./useFlowArrays.js";
import { Wire } from "./Wire.js";
import { WireInHand } from "./WireInHand.js";

const nodeTypes: NodeTypes = { card: NodeCard, note: NoteCard, junction: Junction, reroute: ReroutePoint, frame: FrameBox };
const edgeTypes: EdgeTypes = { wire: Wire };
const severalKeys = ["Shift", "Control", "Meta"];
const middleButton = [1];

/** The canvas: React Flow as a view over our stores. */
export function Canvas(): JSX.Element {
  const studio = useStudio();
  const { view, document, catalog, canvas } = studio;
  const minimap = useShowsMinimap();
  const [trackpad, setTrackpad] = useState(false);
  const dragging = useMemo(() => new Dragging(studio), [studio]);
  const press = useMemo(() => longPress(), []);
  const box = useMemo(() => new BoxSelecting(studio), [studio]);
  /** The wire that was taken by its end; it goes when it is let go over nothing. */
  const taken = useRef<string | null>(null);

  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      applySelection(view, box.nodes(changes));
      dragging.move(changes);
    },
    [view, dragging, box],
  );
  const onEdgesChange = useCallback((changes: EdgeChange<FlowEdge>[]) => applySelection(view, [], box.edges(changes)), [view, box]);

  const onConnectStart: OnConnectStart = useCallback(
    (_, { nodeId, handleId, handleType }) => {
      if (nodeId !== null && handleId !== null)
        beginConnection(studio, nodeId, handleId, handleType === "source" ? "fromOutput" : "fromInput");
    },
    [studio],
  );
  const isValidConnection = useCallback(
    ({ source, target, sourceHandle, targetHandle }: Connection | FlowEdge) => {
      const { connecting } = view.getState();
      if (!connecting || sourceHandle == null || targetHandle == null) return false;
      return connecting.direction === "fromOutput" ? connecting.fits(target, targetHandle) : connecting.fits(source, sourceHandle);
    },
    [view],
  );
  const join = useCallback(
    ({ source, sourceHandle, target, targetHandle }: Connection, without?: string) => {
      if (sourceHandle === null || targetHandle === null) return;
      const { document: before, apply } = document.getState();
      const removed = without !== undefined && before.edges[without] ? disconnect(without, before) : [];
      const replaced = edgeInto(before, target, targetHandle);
      const operations = connect(
        before,
        catalog.getState().catalog,
        { node: source, output: sourceHandle },
        { node: target, input: targetHandle },
      );
      apply(replaced === without ? operations : [...removed, ...operations], { label: "Connect" });
    },
    [document, catalog],
  );
  const onConnectEnd: OnConnectEnd = useCallback(
    (event, state) => {
      const { connecting } = view.getState();
      view.setState({ connecting: null });
      if (!connecting || state.isValid || taken.current !== null || state.toHandle) return;
      const at = pointOf(event);
      // The card that the wire was pulled from got the focus; it need not have it back.
      if (globalThis.document.activeElement instanceof HTMLElement) globalThis.document.activeElement.blur();
      view.setState({ add: { at, position: canvasPoint(canvas, at), wire: connecting } });
    },
    [view, canvas],
  );
  const openAdd = useCallback(
    (event: MouseEvent) => {
      if (!(event.target instanceof Element) || !event.target.classList.contains("react-flow__pane")) return;
      const at: Point = [event.clientX, event.clientY];
      view.setState({ add: { at, position: canvasPoint(canvas, at), wire: null } });
    },
    [view, canvas],
  );
  const openMenu = useCallback(
    (event: MouseEvent | globalThis.MouseEvent, id: string | null, kind: "node" | "edge") => {
      event.preventDefault();
      const at: Point = [event.clientX, event.clientY];
      if (id === null) {
        view.setState({ menu: { at, target: { kind: "canvas", position: canvasPoint(canvas, at) } } });
        return;
      }
      const { selection } = view.getState();
      const part = kind === "edge" ? { kind, id } : flowPart(id);
      if (part.kind === "frame" || !selection[`${part.kind}s`].has(part.id)) select(view, { [`${part.kind}s`]: [part.id] });
      view.setState({ menu: { at, target: part.kind === "frame" ? { kind: "frame", id: part.id } : { kind, id } } });
    },
    [view, canvas],
  );
  const followWheel = useCallback((event: WheelEvent) => {
    // A wheel turns in big whole steps, and only one way; two fingers do not.
    if (!event.ctrlKey && !event.metaKey) setTrackpad(event.deltaMode === 0 && (event.deltaX !== 0 || Math.abs(event.deltaY) < 40));
  }, []);

  useFlowFeed(!useFarAway());
  return (
    <div
      className="canvas"
      {...press}
      onDoubleClick={openAdd}
      onWheelCapture={followWheel}
      onPointerDownCapture={(event) => box.press(event)}
      onMouseDownCapture={(event) => {
        if (event.button === 0 && takeWire(event.target, event, document.getState().document)) event.stopPropagation();
      }}
      onTouchStartCapture={(event) => {
        press.onTouchStartCapture(event);
        const touch = event.touches.length === 1 ? event.touches[0] : undefined;
        if (touch && takeWire(event.target, touch, document.getState().document)) event.stopPropagation();
      }}
    >
      <ReactFlow<FlowNode, FlowEdge>
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onInit={(instance) => {
          canvas.current = instance;
        }}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeDragStart={(event, node, nodes) => {
          if (event.altKey) leaveCopies(studio);
          dragging.begin(nodes.length > 0 ? nodes.map(({ id }) => id) : [node.id]);
        }}
        onNodeDrag={(event, node, nodes) => {
          const edge = nodes.length > 1 ? null : wireUnder(pointOf(event), node.id, Object.values(document.getState().document.edges));
          if (edge !== view.getState().dropEdge) view.setState({ dropEdge: edge });
        }}
        onNodeDragStop={(_, node) => {
          const { dropEdge } = view.getState();
          dragging.end(dropEdge === null ? null : { node: node.id, edge: dropEdge });
        }}
        onSelectionStart={() => box.begin()}
        onSelectionEnd={(event) => box.end(event)}
        onConnectStart={onConnectStart}
        onConnect={(connection) => join(connection)}
        onConnectEnd={onConnectEnd}
        isValidConnection={isValidConnection}
        onReconnectStart={(_, edge) => {
          taken.current = edge.id;
        }}
        onReconnect={(edge, connection) => {
          join(connection, edge.id);
          taken.current = null;
        }}
        onReconnectEnd={(_, edge) => {
          const id = taken.current;
          taken.current = null;
          view.setState({ connecting: null });
          const { document: before, apply } = document.getState();
          if (id !== null && before.edges[edge.id]) apply(disconnect(edge.id, before), { label: "Disconnect" });
        }}
        connectionLineComponent={WireInHand}
        connectionRadius={30}
        connectOnClick={false}
        edgesFocusable={false}
        connectionDragThreshold={2}
        reconnectRadius={12}
        onPaneClick={() => view.setState({ menu: null })}
        onNodeContextMenu={(event, { id }) => openMenu(event, id, "node")}
        onEdgeContextMenu={(event, { id }) => openMenu(event, id, "edge")}
        onPaneContextMenu={(event) => openMenu(event, null, "node")}
        onlyRenderVisibleElements
        selectionOnDrag
        selectionMode={SelectionMode.Partial}
        panOnDrag={middleButton}
        panActivationKeyCode="Space"
        multiSelectionKeyCode={severalKeys}
        selectionKeyCode={null}
        deleteKeyCode={null}
        panOnScroll={trackpad}
        zoomOnDoubleClick={false}
        minZoom={0.05}
        maxZoom={4}
        attributionPosition="bottom-left"
        proOptions={{ hideAttribution: false }}
        nodeDragThreshold={2}
      >
        <Background variant={BackgroundVariant.Dots} gap={24} size={1.5} color="var(--ground-dot)" />
        <FarLayer />
      </ReactFlow>
      {minimap && <Minimap />}
    </div>
  );
}

function pointOf(event: MouseEvent | globalThis.MouseEvent | TouchEvent): Point {
  const { clientX, clientY } = "changedTouches" in event ? (event.changedTouches[0] ?? { clientX: 0, clientY: 0 }) : event;
  return [clientX, clientY];
}

/** The wire below the pointer that an unconnected card could be put on. */
function wireUnder([x, y]: Point, node: string, edges: readonly DocumentEdge[]): string | null {
  if (edges.some(({ from, to }) => from.node === node || to.node === node)) return null;
  for (const element of globalThis.document.elementsFromPoint(x, y)) {
    const wire = element.closest<SVGElement>("[data-edge]");
    if (wire) return wire.dataset["edge"] ?? null;
  }
  return null;
}
