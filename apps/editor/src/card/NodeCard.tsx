import type { NodeProps } from "@xyflow/react";
import { NodeResizeControl } from "@xyflow/react";
import { AlertTriangle, Ban, Check, EyeOff, Loader, Zap } from "lucide-react";
import { memo, type CSSProperties, type JSX } from "react";
import type { FlowNode } from "../canvas/flowModel.js";
import { useFarAway } from "../canvas/useZoomLevel.js";
import { countRender } from "../canvas/renderCount.js";
import { cardOf, type Card } from "../document/cardLayout.js";
import { isConnectable } from "../document/graphEdits/canConnect.js";
import { progressOf } from "../run/runStore.js";
import { useCatalog, useDocument, useRun, useStudio } from "../session/studio.js";
import { categoryHue } from "../theme/typeColour.js";
import { CardFieldRow } from "./CardFieldRow.js";
import { headerHeight, isText, labelRoom } from "./cardGeometry.js";
import { InputPicture, PictureFooter, ResultPicture } from "./CardPicture.js";
import { cardShows } from "./cardShows.js";
import { CardTitle } from "./CardTitle.js";
import { formatSeconds } from "./formatSeconds.js";
import { Socket } from "./Socket.js";
import { resizeCard } from "./resizeCard.js";

/** A node on the canvas, drawn from the catalog. */
export const NodeCard = memo(function NodeCard({ id, selected }: NodeProps<FlowNode>): JSX.Element | null {
  countRender(id);
  const catalog = useCatalog((state) => state.catalog);
  const node = useDocument(({ document }) => document.nodes[id]);
  const card = useDocument(({ document }) => (document.nodes[id] ? cardOf(document, catalog, id) : undefined));
  const runsHere = useCatalog(({ here }) => Object.hasOwn(here, node?.type ?? ""));
  const far = useFarAway();
  const studio = useStudio();
  const geometry = studio.flow.geometry(id);
  if (!node || !card || !geometry) return null;
  if (far) return <div className="card-far" />;
  const missing = card.unknown || (card.schema !== undefined && !runsHere);
  const shows = cardShows(card);
  const input = shows === "input" ? card.fields.find(({ schema }) => schema.upload === "image") : undefined;
  const collapsed = node.flags?.["collapsed"] === true;
  const hue = node.color === undefined ? categoryHue(card.schema?.info.category ?? "") : legible(node.color);
  return (
    <div
      className={`card${selected ? " selected" : ""}${node.mode ? ` ${node.mode}` : ""}${missing ? " missing" : ""}${collapsed ? " collapsed" : ""}`}
      style={{ "--hue": hue, height: geometry.height } as CSSProperties}
      data-node={id}
      data-type={node.type}
    >
      <CardFrame id={id} />
      <header className="card-header">
        <CardTitle id={id} title={card.title} />
        <CardMark id={id} mode={node.mode} missing={missing} />
      </header>
      <CardProgress id={id} />
      {!collapsed && (
        <>
          {card.sockets.map(({ key, label }) => (
            <span key={key} className="socket-label" style={{ top: (geometry.inputs.get(key) ?? 0) - 10 }}>
              {label}
            </span>
          ))}
          {card.outputs.map(({ key, label }, row) => (
            <span
              key={key}
              className="socket-label output"
              style={{ top: (geometry.outputs.get(key) ?? 0) - 10, maxWidth: labelRoom(geometry.width, card.sockets[row]?.label) }}
            >
              {label}
            </span>
          ))}
          {geometry.fields.map((place, at) => {
            const field = card.fields[at];
            return field && <CardFieldRow key={place.key} node={id} field={field} place={place} />;
          })}
          {geometry.picture &&
            (input ? (
              <InputPicture name={typeof input.value === "string" ? input.value : ""} {...geometry.picture} />
            ) : (
              <>
                <ResultPicture node={id} {...geometry.picture} />
                <PictureFooter node={id} y={geometry.picture.y + geometry.picture.height} />
              </>
            ))}
          <NodeResizeControl
            className="card-resize"
            position="bottom-right"
            {...(!card.fields.some(isText) && { resizeDirection: "horizontal" })}
            minWidth={168}
            onResize={(_, { width, height }) => resizeCard(studio, id, [width, height - headerHeight])}
            onResizeEnd={(_, { width, height }) => resizeCard(studio, id, [width, height - headerHeight], true)}
          />
        </>
      )}
      <Sockets id={id} card={card} inputs={geometry.inputs} outputs={geometry.outputs} collapsed={collapsed} />
      <CardProblems id={id} />
    </div>
  );
}, sameCard);

/** A node's own colour as an edge that can be told from the card: ComfyUI's are dark grounds. */
function legible(colour: string): string {
  return `oklch(from ${colour} 0.68 calc(c * 2.2) h)`;
}

/** React Flow also tells where a card is; where it is drawn is not the card's business. */
function sameCard(a: NodeProps<FlowNode>, b: NodeProps<FlowNode>): boolean {
  return a.id === b.id && a.selected === b.selected && a.width === b.width && a.height === b.height;
}

const Sockets = memo(function Sockets({
  id,
  card,
  inputs,
  outputs,
  collapsed,
}: {
  readonly id: string;
  readonly card: Card;
  readonly inputs: ReadonlyMap<string, number>;
  readonly outputs: ReadonlyMap<string, number>;
  readonly collapsed: boolean;
}): JSX.Element {
  return (
    <>
      {[...card.sockets, ...card.fields.filter((field) => isConnectable(field) && !(collapsed && field.edge === undefined))].map(
        ({ key, label, type, kind, edge }) => (
          <Socket
            key={key}
            node={id}
            port={key}
            label={label}
            type={type}
            side="input"
            y={inputs.get(key) ?? 0}
            linked={edge !== undefined}
            quiet={kind !== "link"}
          />
        ),
      )}
      {card.outputs.map(({ key, label, type }) => (
        <Socket key={key} node={id} port={key} label={label} type={type} side="output" y={outputs.get(key) ?? 0} linked />
      ))}
    </>
  );
});

/** The outline: what the run says of the node, without drawing the card again. */
const CardFrame = memo(function CardFrame({ id }: { readonly id: string }): JSX.Element {
  countRender(id);
  const state = useRun(({ nodes, problems }) => (problems[id] ? "failed" : nodes[id]?.state));
  return <div className={`card-frame ${state ?? ""}`} aria-hidden />;
});

const CardMark = memo(function CardMark({
  id,
  mode,
  missing,
}: {
  readonly id: string;
  readonly mode: "mute" | "bypass" | undefined;
  readonly missing: boolean;
}): JSX.Element | null {
  countRender(id);
  const state = useRun(({ nodes }) => nodes[id]);
  const wrong = useRun(({ problems }) => problems[id] !== undefined);
  if (wrong || state?.state === "failed") return <AlertTriangle className="card-mark failed" aria-label="Something is wrong" />;
  if (missing) return <span className="card-mark words">not here</span>;
  if (mode === "mute") return <EyeOff className="card-mark" aria-label="Muted" />;
  if (mode === "bypass") return <Ban className="card-mark" aria-label="Bypassed" />;
  switch (state?.state) {
    case "running": {
      const share = progressOf(state);
      return (
        <span className="card-mark words running">
          {share === null ? <Loader className="spin" aria-label="Running" /> : `${Math.round(100 * share)} %`}
        </span>
      );
    }
    case "done":
      return state.seconds === null ? (
        <Check className="card-mark" aria-label="Done" />
      ) : (
        <span className="card-mark words">{formatSeconds(state.seconds)}</span>
      );
    case "cached":
      return <Zap className="card-mark" aria-label="Known from a run before" />;
    case "waiting":
      return <span className="card-mark dot" aria-label="Waiting" />;
    default:
      return null;
  }
});

const CardProgress = memo(function CardProgress({ id }: { readonly id: string }): JSX.Element | null {
  countRender(id);
  const share = useRun(({ nodes }) => progressOf(nodes[id]));
  if (share === null) return null;
  return (
    <div className="card-progress" role="progressbar" aria-valuenow={Math.round(share * 100)} aria-valuemin={0} aria-valuemax={100}>
      <div style={{ transform: `scaleX(${share})` }} />
    </div>
  );
});

/** What is wrong, in words, under the card: it covers nothing of it and moves nothing. */
const CardProblems = memo(function CardProblems({ id }: { readonly id: string }): JSX.Element | null {
  countRender(id);
  const problems = useRun((state) => state.problems[id]);
  if (!problems) return null;
  return (
    <ul className="card-problems nodrag nopan" role="alert">
      {problems.slice(0, 4).map(({ message, input, code }) => (
        <li key={`${code} ${input ?? ""}`}>
          {input !== null && <b>{input}</b>} {message}
        </li>
      ))}
    </ul>
  );
});
