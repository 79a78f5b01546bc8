import { memo, useState, type JSX } from "react";
import { blobUrl, fileUrl } from "../api/http.js";
import type { NodePicture } from "../run/runStore.js";
import { useRun, useStudio } from "../session/studio.js";
import { lightboxItem } from "../panels/lightboxItem.js";
import { countRender } from "../canvas/renderCount.js";

/** What a node made, or is making: newest preview, then its pictures. */
export const ResultPicture = memo(function ResultPicture({
  node,
  y,
  height,
}: {
  readonly node: string;
  readonly y: number;
  readonly height: number;
}): JSX.Element {
  countRender(node);
  const picture = useRun(({ pictures }) => pictures[node]);
  const { view, run } = useStudio();
  const [at, setAt] = useState(0);
  if (!picture) {
    return (
      <div className="card-picture empty" style={{ top: y, height }}>
        <span>The picture appears here</span>
      </div>
    );
  }
  const index = Math.min(at, Math.max(0, picture.files.length - 1));
  const file = picture.files[index];
  const source = picture.preview ?? (file ? blobUrl(file.hash) : "");
  return (
    <div className="card-picture" style={{ top: y, height }}>
      <button
        type="button"
        className="picture-button"
        aria-label={file ? `See ${file.filename} in full` : "Being made"}
        disabled={!file}
        onDoubleClick={(event) => event.stopPropagation()}
        onClick={() =>
          view.setState({
            lightbox: { items: picture.files.map((shown) => lightboxItem(shown, run.getState().shown)), index },
          })
        }
      >
        <img
          src={source}
          alt={file ? file.filename : "The picture as it is being made"}
          draggable={false}
          decoding="async"
          className={picture.preview ? (picture.width < 64 ? "live small" : "live") : undefined}
        />
      </button>
      {picture.files.length > 1 && (
        <div className="picture-pager nodrag">
          <button
            type="button"
            aria-label="Picture before"
            onClick={() => setAt((index + picture.files.length - 1) % picture.files.length)}
          >
            ‹
          </button>
          <span>
            {index + 1}/{picture.files.length}
          </span>
          <button type="button" aria-label="Next picture" onClick={() => setAt((index + 1) % picture.files.length)}>
            ›
          </button>
        </div>
      )}
    </div>
  );
});

/** The line under a picture: steps while it is made, then its size; what is still a preview says so. */
export const PictureFooter = memo(function PictureFooter({ node, y }: { readonly node: string; readonly y: number }): JSX.Element {
  countRender(node);
  const state = useRun(({ nodes }) => nodes[node]);
  const size = useRun(({ pictures }) => sizeText(pictures[node]));
  const running = state?.state === "running" && state.value !== null;
  return (
    <div className="picture-footer" style={{ top: y }}>
      {running ? `${state.value}/${state.max}` : size}
    </div>
  );
});

function sizeText(picture: NodePicture | undefined): string {
  if (!picture) return "";
  return picture.files.length > 0 ? `${picture.width}×${picture.height}` : "preview";
}

/** The picture that a node loads from the input folder. */
export const InputPicture = memo(function InputPicture({
  name,
  y,
  height,
}: {
  readonly name: string;
  readonly y: number;
  readonly height: number;
}): JSX.Element {
  const [missing, setMissing] = useState<string | null>(null);
  const clean = name.replace(/ \[(input|output|temp)\]$/, "");
  const type = / \[(output|temp)\]$/.exec(name)?.[1] ?? "input";
  const slash = clean.lastIndexOf("/");
  const url = fileUrl({ type, subfolder: slash < 0 ? "" : clean.slice(0, slash), filename: clean.slice(slash + 1) });
  if (name === "" || missing === url)
    return (
      <div className="card-picture empty" style={{ top: y, height }}>
        <span>Drop or paste a picture here</span>
      </div>
    );
  return (
    <div className="card-picture input" style={{ top: y, height }}>
      <img src={url} alt={clean} draggable={false} decoding="async" onError={() => setMissing(url)} />
    </div>
  );
});
